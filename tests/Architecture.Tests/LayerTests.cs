using System.Reflection;
using System.Text.RegularExpressions;
using Actors.Messages.Values;

namespace Actors.Architecture.Tests;

public partial class LayerTests
{
    /// <summary>Classes that decide and have another name than State.</summary>
    private static readonly string[] OtherCores =
    [
        "src/Coordinator/Core/Pools/PoolLedger", "src/Coordinator/Core/Pools/PrefetchWindow", "src/WorkerNode/Core/Executors/RestartPolicy",
        "src/Coordinator/Core/Objects/Kinds/ConditionWaits", "src/Coordinator/Core/Objects/Durable/DurableCalls",
        "src/Coordinator/Core/Objects/Durable/DurableCaller", "src/Coordinator/Core/Pools/DurablePoolLifecycle",
        "src/Client/Pools/SessionIds", "src/Client/Pools/SubmissionQueue", "src/Client/Pools/KeyAnswers",
        "src/Client/Pools/CancelRequests", "src/Client/Pools/ComparisonPace", "src/Client/Pools/EndMessages",
        "src/Client/Pools/ClientPoolEnding", "src/Client/Pools/OutcomeReceipts", "src/Client/Pools/UnwrittenAcks",
    ];

    private static readonly string[] NotLibrary =
        ["Actors.Testing", "Actors.Chaos", "Actors.Analyzers", "Actors.CodeFixes", "Actors.Generators", "Actors.Packing"];

    public static TheoryData<string> Cores =>
    [
        .. Repository.Files("src", ".cs").Select(file => State().Match(file.Path)).Where(found => found.Success)
            .Select(found => found.Groups[1].Value)
            .Concat(OtherCores).Distinct(),
    ];

    [Theory]
    [InlineData("Actors.Executor")]
    [InlineData("Actors.Messages")]
    public void Executor_AndWhatItLoads_KnowNoAkka(string assembly) => Assert.DoesNotContain(
        Assembly.Load(assembly).GetReferencedAssemblies(), reference => reference.Name!.StartsWith("Akka", StringComparison.Ordinal));

    [Theory]
    [InlineData("Actors.Analyzers", "")]
    [InlineData("Actors.CodeFixes", "Actors.Analyzers")]
    [InlineData("Actors.Messages", "")]
    [InlineData("Actors.Executor", "Actors.Messages")]
    [InlineData("Actors.Remoting", "Actors.Messages")]
    [InlineData("Actors.Programs", "Actors.Messages Actors.Remoting")]
    [InlineData("Actors", "Actors.Coordinator.Core Actors.Executor Actors.Messages Actors.Remoting Actors.WorkerNode.Core")]
    [InlineData("Actors.Durability", "Actors.Messages Actors.Remoting")]
    [InlineData("Actors.Coordinator.Core", "Actors.Messages Actors.Remoting")]
    [InlineData("Actors.Programs.Hosting", "Actors.Programs Actors.Messages Actors.Remoting")]
    [InlineData("Actors.Coordinator",
        "Actors.Coordinator.Core Actors.Durability Actors.Programs Actors.Programs.Hosting Actors.Messages Actors.Remoting")]
    [InlineData("Actors.Cli",
        "Actors Actors.Chaos Actors.Coordinator Actors.Programs Actors.Messages Actors.Remoting Actors.Runner Actors.WorkerNode "
        + "Actors.WorkerNode.Core")]
    [InlineData("Actors.Runner", "Actors Actors.Programs Actors.Messages Actors.Remoting")]
    [InlineData("Actors.Chaos", "Actors Actors.Programs Actors.Messages Actors.Remoting")]
    [InlineData("Actors.WorkerNode", "Actors.Programs Actors.Programs.Hosting Actors.Messages Actors.Remoting Actors.WorkerNode.Core")]
    [InlineData("Actors.WorkerNode.Core", "Actors.Executor Actors.Messages Actors.Remoting")]
    [InlineData("Actors.Hosting", "Actors Actors.Remoting")]
    [InlineData("Actors.AspNetCore", "Actors")]
    [InlineData("Actors.Testing", "Actors Actors.Coordinator.Core Actors.Executor Actors.Messages Actors.Remoting Actors.WorkerNode.Core")]
    public void Assemblies_ReferenceOnlyThoseBelow(string assembly, string below) => Assert.Subset(
        below.Split(' ').ToHashSet(),
        Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => name.StartsWith("Actors", StringComparison.Ordinal)).ToHashSet());

    /// <summary>A program with pools gets no command line and no host of its own.</summary>
    [Fact]
    public void Library_AndItsAssemblies_NeedNoCommandLineAndNoHost()
    {
        var own = Assembly.Load("Actors").GetReferencedAssemblies()
            .Where(reference => reference.Name!.StartsWith("Actors.", StringComparison.Ordinal)).Select(Assembly.Load);
        Assert.All(own.SelectMany(assembly => assembly.GetReferencedAssemblies()), reference => Assert.DoesNotContain(
            reference.Name, new[] { "Actors.Programs", "System.CommandLine", "Microsoft.Extensions.Hosting" }));
    }

    [Theory]
    [MemberData(nameof(Cores))]
    public void Cores_DecideWithoutActorsClocksOrChance(string core)
    {
        var files = Repository.Files("src", ".cs")
            .Where(file => file.Path == core + ".cs" || file.Path.StartsWith(core + ".", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        foreach (var (path, text) in files)
        {
            var found = Foreign().Match(Comment().Replace(text, ""));
            Assert.False(found.Success, $"{path} uses {found.Value}.");
        }
    }

    [Fact]
    public void PublicTypes_OfTheLibrary_LieInOneNamespace() =>
        Assert.All(Assembly.Load("Actors").GetExportedTypes(), type => Assert.Equal("Actors", type.Namespace));

    /// <summary>
    /// A job may name none of them, except for the test library, whose initializer installs faults in real workers, and the load of chaos.
    /// Only compilers load the analyzers and the generators.
    /// </summary>
    [Fact]
    public void Assemblies_OfTheSource_AreKnownAsOwn() =>
        Assert.All(Repository.Files("src", ".csproj"), project => Assert.True(
            AssemblyNames.IsLibrary(AssemblyOf(project)) != NotLibrary.Contains(AssemblyOf(project)), AssemblyOf(project)));

    [Fact]
    public void Packages_AreMadeOfTheseProjects() => Assert.Equal(
        ["Actors", "Actors.AspNetCore", "Actors.Cli", "Actors.Durability", "Actors.Hosting", "Actors.Testing"],
        Repository.Files("src", ".csproj").Where(project => project.Text.Contains("Package.props", StringComparison.Ordinal))
            .Select(AssemblyOf).Order());

    [Theory]
    [InlineData("Actors")]
    [InlineData("Actors.Executor")]
    [InlineData("Actors.Testing")]
    public void Libraries_ReferenceNoOpenTelemetry(string assembly) => Assert.DoesNotContain(
        Assembly.Load(assembly).GetReferencedAssemblies(),
        reference => reference.Name!.StartsWith("OpenTelemetry", StringComparison.Ordinal));

    /// <summary>A worker service with pools needs no ASP.NET Core.</summary>
    [Fact]
    public void Hosting_ReferencesNoAspNetCore() => Assert.DoesNotContain(
        Assembly.Load("Actors.Hosting").GetReferencedAssemblies(),
        reference => reference.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    /// <summary>A user's test project brings its own test framework.</summary>
    [Fact]
    public void TestLibrary_ReferencesNoTestFramework() => Assert.DoesNotContain(
        Assembly.Load("Actors.Testing").GetReferencedAssemblies(),
        reference => new[] { "xunit", "nunit", "Microsoft.VisualStudio.TestPlatform", "Akka" }
            .Any(name => reference.Name!.StartsWith(name, StringComparison.OrdinalIgnoreCase)));

    internal static string AssemblyOf((string Path, string Text) project) => AssemblyName().Match(project.Text) is { Success: true } named
        ? named.Groups[1].Value
        : $"Actors.{Path.GetFileNameWithoutExtension(project.Path)}";

    [GeneratedRegex("<AssemblyName>(.+)</AssemblyName>")]
    private static partial Regex AssemblyName();

    [GeneratedRegex(
        @"\b(Akka|IActorRef|DateTime|DateTimeOffset|TimeProvider|Stopwatch|Random|RandomNumberGenerator|Guid\.NewGuid|New\(\)\.|Task|Timer"
        + @"|Thread|Environment)\b")]
    private static partial Regex Foreign();

    [GeneratedRegex(@"^(.*State)(\.\w+)?\.cs$")]
    private static partial Regex State();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();
}
