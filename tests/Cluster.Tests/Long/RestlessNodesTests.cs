using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Long;

/// <summary>Worker nodes that come and go without end.</summary>
public sealed class RestlessNodesTests
{
    /// <summary>Silent for longer than the failure detector waits, and there again before the resolver decides.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2.5);

    /// <summary>More than 9 s on end, after which the framework by default gives up every member of a cluster whose view of itself keeps changing.</summary>
    private const int Times = 6;

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Nodes_ThatAreUnreachableByTurns_EndNoCoordinator()
    {
        await using var durable = await DurableCluster.StartAsync();

        for (var time = 0; time < Times; time++)
        {
            var node = durable.Nodes[time % durable.Nodes.Length];
            node.Pause();
            await Task.Delay(Silence);
            node.Resume();
        }

        durable.Submit(10);
        await durable.RequireAllDoneAsync();
        Assert.All(durable.Coordinators, coordinator => Assert.DoesNotContain("given this one up", coordinator.Output + coordinator.Errors, StringComparison.Ordinal));
    }
}
