using System.Reflection;
using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests;

public partial class LayerTests
{
    public static TheoryData<string> Cores =>
    [
        "src/Coordinator/Pools/PoolState", "src/Coordinator/Pools/PoolLedger", "src/Coordinator/Pools/PrefetchWindow", "src/Coordinator/Nodes/PlacementState",
        "src/Coordinator/Objects/Kinds/QueueState", "src/Coordinator/Objects/Kinds/LockState", "src/WorkerNode/Executors/RestartPolicy",
        "src/Coordinator/Objects/Kinds/SemaphoreState", "src/Coordinator/Objects/Kinds/EventState", "src/Coordinator/Objects/Kinds/BarrierState",
        "src/Coordinator/Objects/Kinds/ConditionWaits",
    ];

    [Theory]
    [InlineData("Actors.Executor")]
    [InlineData("Actors.Messages")]
    public void Executor_AndWhatItLoads_KnowNoAkka(string assembly) => Assert.DoesNotContain(
        Assembly.Load(assembly).GetReferencedAssemblies(), reference => reference.Name!.StartsWith("Akka", StringComparison.Ordinal));

    [Theory]
    [InlineData("Actors.Messages", "")]
    [InlineData("Actors.Executor", "Actors.Messages")]
    [InlineData("Actors.Remoting", "Actors.Messages")]
    [InlineData("Actors.Durability", "Actors.Remoting")]
    [InlineData("Actors.Coordinator", "Actors.Durability Actors.Messages Actors.Remoting")]
    [InlineData("Actors.WorkerNode", "Actors.Executor Actors.Messages Actors.Remoting")]
    public void Assemblies_ReferenceOnlyThoseBelow(string assembly, string below) => Assert.Subset(
        below.Split(' ').ToHashSet(),
        Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => name.StartsWith("Actors", StringComparison.Ordinal)).ToHashSet());

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

    [GeneratedRegex(@"\b(Akka|IActorRef|DateTime|DateTimeOffset|TimeProvider|Stopwatch|Random|RandomNumberGenerator|Guid\.NewGuid|New\(\)\.|Task|Timer|Thread|Environment)\b")]
    private static partial Regex Foreign();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();
}
