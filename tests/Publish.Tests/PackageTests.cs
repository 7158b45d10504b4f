namespace Actors.Publish.Tests;

/// <summary>The NuGet packages, as programs outside the repository use them.</summary>
[Trait("Category", "Package")]
public sealed class PackageTests(LocalFeed feed) : IClassFixture<LocalFeed>
{
    private const string TestPackages = """
        <PackageReference Include="Microsoft.NET.Test.Sdk" Version="17.14.1" />
        <PackageReference Include="xunit" Version="2.9.3" />
        <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
        """;

    [PublishFact]
    public async Task ConsoleProgram_WithThePackageAlone_RunsJobs()
    {
        using var program = UserProgram.CSharp(feed: feed);

        PublishedFormTests.Expect(PublishedFormTests.Everything, await program.DotNetAsync("run"));
    }

    [PublishFact]
    public Task Packages_DeclareTheirDependenciesAndHaveAllFiles()
    {
        Assert.Equal(PackageFile.Names.Select(name => $"{name}.{feed.Version}.nupkg"), feed.Packages.Select(Path.GetFileName));
        Assert.All(feed.Packages.Select(file => new PackageFile(file)), package =>
        {
            Assert.Subset(package.Files.ToHashSet(), new HashSet<string> { "README.md", "icon.png" });
            Assert.Equal("Apache-2.0", package.License);
            Assert.Equal(package.Assemblies, package.Symbols.SymbolNames);
        });
        var (library, testing) = (feed.OpenPackage("Actors"), feed.OpenPackage("Actors.Testing"));
        Assert.Contains("Actors.Executor", library.Assemblies);
        Assert.Equal(["Actors.Testing"], testing.Assemblies);
        Assert.DoesNotContain(library.DependencyNames, name => name.StartsWith("Actors", StringComparison.Ordinal));
        Assert.Subset(library.DependencyNames.ToHashSet(), new HashSet<string> { "Akka", "Akka.Cluster", "MemoryPack" });
        Assert.Equal(["Actors"], testing.DependencyNames);
        Assert.Empty(feed.OpenPackage("Actors.Cli").DependencyNames);
        Assert.Equal(
            ["Actors", "Akka.Persistence.Sql", "Microsoft.Data.Sqlite", "Npgsql"], feed.OpenPackage("Actors.Durability").DependencyNames);
        Assert.Equal(
            ["Actors", "OpenTelemetry.Api"],
            feed.OpenPackage("Actors.Hosting").DependencyNames
                .Where(name => !name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)));
        Assert.Equal(["Actors", "prometheus-net"], feed.OpenPackage("Actors.AspNetCore").DependencyNames);
        // The default excludes analyzers, although the SDK uses them nevertheless.
        Assert.All(
            ["AspNetCore", "Durability", "Hosting", "Testing"],
            package => Assert.Null(feed.OpenPackage($"Actors.{package}").Dependencies
                .Single(node => node.Attribute("id")!.Value == "Actors").Attribute("exclude")));
        return Task.CompletedTask;
    }

    /// <summary>Without the public types that are for the other assemblies of the package alone.</summary>
    [PublishFact]
    public async Task ReferenceAssemblies_HaveTheTypesOfUsersAlone()
    {
        var references = feed.OpenPackage("Actors").Files.Where(file => Path.GetDirectoryName(file) == "ref/net10.0");
        Assert.Equal(
            ["Actors.Messages.dll", "Actors.Messages.xml", "Actors.Remoting.dll", "Actors.Remoting.xml", "Actors.dll", "Actors.xml"],
            references.Select(Path.GetFileName));
        using var program = UserProgram.OfSdk(feed, "Hidden/Program.cs", "Microsoft.NET.Sdk");

        var (exitCode, text) = await program.DotNetAsync("build");

        Assert.Equal(1, exitCode);
        Assert.Contains("Program.cs(1,22): error CS0122", text, StringComparison.Ordinal);
        Assert.Contains("1 Error(s)", text, StringComparison.Ordinal);
    }

    [PublishFact]
    public async Task Tool_InstalledFromThePackage_RunsCommands()
    {
        using var program = UserProgram.CSharp(feed: feed);

        PublishedFormTests.Expect(
            "actors", await program.DotNetAsync("tool", "install", "Actors.Cli", "--version", feed.Version, "--tool-path", "tool"));
        PublishedFormTests.Expect("0.1.0", await program.RunToolAsync("--version"));
        PublishedFormTests.Expect("", await program.DotNetAsync("build", "-v", "q"));
        PublishedFormTests.Expect("""{"id":""", await program.RunToolAsync("bundle", "bin/Debug/net10.0/Program.dll", "--json"));
        var (exitCode, text) = await program.RunToolAsync("nodes", "--connect", "127.0.0.1:1", "--timeout", "0.2");
        Assert.Equal(3, exitCode);
        Assert.Contains("Start one with: actors coordinator", text, StringComparison.Ordinal);
    }

    [PublishFact]
    public async Task WebApplication_RunsJobs()
    {
        using var program = UserProgram.OfSdk(feed, "Web/Program.cs", "Microsoft.NET.Sdk.Web");

        PublishedFormTests.Expect("web: 144", await program.DotNetAsync("run"));
    }

    [PublishFact]
    public async Task WebApplication_WithItsPackage_ServesItsMetrics()
    {
        using var program = UserProgram.OfSdk(feed, "Metrics/Program.cs", "Microsoft.NET.Sdk.Web", package: "Actors.AspNetCore");

        PublishedFormTests.Expect("metrics: 1 job", await program.DotNetAsync("run"));
    }

    [PublishFact]
    public async Task DurableProgram_SecondRun_GetsTheResultOfTheFirst()
    {
        using var program = UserProgram.OfSdk(
            feed, "Durable/Program.cs", "Microsoft.NET.Sdk", "<OutputType>Exe</OutputType>", package: "Actors.Durability");

        PublishedFormTests.Expect("submitted job 1", await program.DotNetAsync("run"));
        PublishedFormTests.Expect("result of job 1: 42", await program.DotNetAsync("run"));
    }

    [PublishFact]
    public async Task WorkerService_RunsJobs()
    {
        using var program = UserProgram.OfSdk(
            feed, "Worker/Program.cs", "Microsoft.NET.Sdk.Worker",
            items: """<PackageReference Include="Microsoft.Extensions.Hosting" Version="10.0.15" />""", package: "Actors.Hosting");

        PublishedFormTests.Expect("worker: 6", await program.DotNetAsync("run"));
    }

    [PublishFact]
    public async Task TestProject_RunsRealAndTestPools()
    {
        using var program = UserProgram.OfSdk(
            feed, "Xunit/Tests.cs", "Microsoft.NET.Sdk", "<IsTestProject>true</IsTestProject>", TestPackages, "Actors.Testing");

        PublishedFormTests.Expect("Passed:     2", await program.DotNetAsync("test"));
    }

    [PublishFact]
    public async Task FSharpProgram_RunsJobs()
    {
        using var program = UserProgram.FSharp(feed);

        PublishedFormTests.Expect("none: [|2; 4; 6|]", await program.DotNetAsync("run"));
    }

    [PublishFact]
    public async Task FileBasedProgram_RunsJobs()
    {
        using var program = UserProgram.File(feed);

        PublishedFormTests.Expect(PublishedFormTests.Everything, await program.DotNetAsync("run", "app.cs"));
    }

    [PublishTheory]
    [InlineData]
    [InlineData("-p:PublishReadyToRun=true")]
    public async Task SelfContainedProgram_MachineWithoutDotNet_RunsJobs(params string[] arguments)
    {
        using var program = UserProgram.CSharp(feed: feed);

        PublishedFormTests.Expect("", await program.PublishAsync(["-r", "linux-x64", "--self-contained", .. arguments]));
        PublishedFormTests.Expect(PublishedFormTests.Everything, await program.RunWithoutDotNetAsync());
    }

    [PublishTheory]
    [InlineData("PublishSingleFile")]
    [InlineData("PublishTrimmed")]
    [InlineData("PublishAot")]
    public async Task Publish_UnsupportedProjectProperty_FailsWithOneErrorThatNamesTheProperty(string property)
    {
        using var program = UserProgram.CSharp($"<{property}>true</{property}>", feed);

        PublishedFormTests.ExpectRefusal(property, await program.PublishAsync("-r", "linux-x64"));
        // As Visual Studio does.
        PublishedFormTests.ExpectRefusal(
            property, await program.DotNetAsync("msbuild", "-restore", "-t:Publish", "-p:RuntimeIdentifier=linux-x64", "-v:q"));
        PublishedFormTests.Expect("", await program.DotNetAsync("build", "-r", "linux-x64", "-v", "q"));
    }

    [PublishFact]
    public async Task DeployOnBuild_SingleFile_FailsWithOneErrorThatNamesTheProperty()
    {
        using var program = UserProgram.OfSdk(feed, "Web/Program.cs", "Microsoft.NET.Sdk.Web");

        PublishedFormTests.ExpectRefusal(
            "PublishSingleFile",
            await program.DotNetAsync("build", "-r", "linux-x64", "-p:DeployOnBuild=true", "-p:PublishSingleFile=true", "-v", "q"));
    }

    [PublishFact]
    public async Task Publish_FileBasedProgram_FailsWithOneErrorThatNamesTheDirective()
    {
        using var program = UserProgram.File(feed);

        var publish = await program.DotNetAsync("publish", "app.cs", "-v", "q");

        PublishedFormTests.ExpectRefusal("PublishAot", publish);
        Assert.Contains("#:property PublishAot=false", publish.Text, StringComparison.Ordinal);
    }

    [PublishTheory]
    [InlineData("Actors")]
    [InlineData("Actors.AspNetCore")]
    [InlineData("Actors.Durability")]
    [InlineData("Actors.Hosting")]
    [InlineData("Actors.Testing")]
    public async Task Program_WithAMistake_CompilesWithAWarning(string package)
    {
        using var program = UserProgram.OfSdk(feed, "Mistake/Program.cs", "Microsoft.NET.Sdk", package: package);

        PublishedFormTests.Expect(
            "Program.cs(4,48): warning ACTORS101: An argument of the job cannot travel. System.IO.StringReader",
            await program.DotNetAsync("build"));
    }
}
