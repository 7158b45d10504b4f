using Actors.Faults.Tests.Loads;
using Actors.Faults.Tests.Primitives;
using Actors.Faults.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Faults.Tests;

/// <summary>Each program runs on a machine of its own, and the network between them fails. No accepted job is lost.</summary>
[Collection(FaultGroup.Name)]
public sealed class NetworkTests(ITestOutputHelper output)
{
    private const int Coordinators = 3;
    private const int Nodes = 2;
    private const int FirstNode = Coordinators + 1;

    /// <summary>Longer than the others wait for a silent program.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    [FaultFact(Primitive.Network)]
    public Task Owner_CutOffInBothDirections_EachJobEndsOnce() => RunAsync(async (cluster, network, load) =>
    {
        using (network.CutOff(MachineOf(cluster, cluster.OwnerOf("pool"))))
            await load.NextAsync();
    });

    /// <summary>The network returns before, while and after the others remove the owner.</summary>
    [FaultFact(Primitive.Network)]
    public Task Owner_CutOffForAboutTheTimeOfItsRemoval_PoolContinues() => RunAsync(async (cluster, network, load) =>
    {
        for (var seconds = 5; seconds <= 15; seconds++)
        {
            using (network.CutOff(MachineOf(cluster, cluster.OwnerOf("pool"))))
                await Task.Delay(TimeSpan.FromSeconds(seconds));
            await load.NextAsync();
            await Task.WhenAll(cluster.Programs.Select(program => program.UntilReadyAsync()));
        }
    });

    [FaultFact(Primitive.Network)]
    public Task Node_CutOff_EachJobEndsOnce() => RunAsync(async (_, network, load) =>
    {
        using (network.CutOff(FirstNode))
        {
            await Task.Delay(Silence);
            await load.NextAsync();
        }
    });

    /// <summary>The owner hears the other coordinators, and they do not hear the owner.</summary>
    [FaultFact(Primitive.Network)]
    public Task Owner_CutOffInOneDirection_EachJobEndsOnce() => RunAsync(async (cluster, network, load) =>
    {
        var owner = MachineOf(cluster, cluster.OwnerOf("pool"));
        var others = Enumerable.Range(1, Coordinators).Where(other => other != owner);
        var cuts = others.Select(other => network.CutOneWay(owner, other)).ToList();
        await Task.Delay(Silence);
        cuts.ForEach(cut => cut.Dispose());
    });

    [FaultFact(Primitive.Network)]
    public Task Owner_ConnectionsFlap_EachJobEndsOnce() => RunAsync(async (cluster, network, load) =>
    {
        var owner = MachineOf(cluster, cluster.OwnerOf("pool"));
        for (var round = 0; round < 5; round++)
        {
            using (network.CutOff(owner))
                await Task.Delay(TimeSpan.FromSeconds(4));
            await Task.Delay(TimeSpan.FromSeconds(4));
        }
    });

    /// <summary>No coordinator can reach a majority. All end, and their supervisors start them again.</summary>
    [FaultFact(Primitive.Network)]
    public Task AllCoordinators_CutOff_EachJobEndsOnce() => RunAsync(async (_, network, _) =>
    {
        var cuts = Enumerable.Range(1, Coordinators).Select(network.CutOff).ToList();
        await Task.Delay(Silence);
        cuts.ForEach(cut => cut.Dispose());
    });

    [FaultFact(Primitive.Network)]
    public Task AllConnections_ResetRepeatedly_EachJobEndsOnce() => RunAsync(async (_, network, load) =>
    {
        for (var round = 0; round < 5; round++)
        {
            for (var machine = 1; machine <= Coordinators + Nodes; machine++)
            {
                network.ResetConnections(machine);
                await Task.Delay(TimeSpan.FromMilliseconds(700));
            }

            await load.NextAsync();
        }
    });

    [FaultFact(Primitive.PacketSwitch)]
    public Task Packets_DelayedLostRepeatedAndReordered_EachJobEndsOnce() => RunAsync(async (cluster, network, load) =>
    {
        using var packets = network.StartPacketSwitch(seed: 22);
        foreach (var faults in new[]
        {
            new LinkFaults { DelayMilliseconds = 25, JitterMilliseconds = 25 },
            new LinkFaults { Loss = 0.02, Duplication = 0.1, DelayMilliseconds = 5, JitterMilliseconds = 10 },
        })
        {
            packets.SetFaults(faults);
            await Task.Delay(Silence);
            await load.NextAsync();
        }

        output.WriteLine($"{cluster.Coordinators.Count(coordinator => coordinator.Starts > 1)} coordinators were removed and restarted.");
    });

    private static int MachineOf(FaultCluster cluster, SupervisedProgram program) => cluster.Programs.ToList().IndexOf(program) + 1;

    private async Task RunAsync(Func<FaultCluster, FaultNetwork, JobLoad, Task> causeFaultsAsync)
    {
        using var key = new SharedKey();
        using var network = new FaultNetwork(Coordinators + Nodes);
        await using var cluster = await FaultCluster.StartAsync(
            new ClusterPlan { Coordinators = Coordinators, Nodes = Nodes, Network = network });
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        await cluster.ExplainFailureAsync(async () =>
        {
            await causeFaultsAsync(cluster, network, load);
            await load.NextAsync();
            output.WriteLine(await load.FinishAsync());
        });
    }
}
