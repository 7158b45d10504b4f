using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Long;

/// <summary>Programs of the next version replace those of the current one, one after the other, while jobs run.</summary>
public sealed class RollingUpgradeTests
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Programs_OfTwoVersions_FormOneCluster()
    {
        await using var durable = await DurableCluster.StartAsync();
        durable.Programs.Upgrade();

        await ReplaceNodeAsync(durable, 0);
        await WorkAsync(durable);
        for (var i = 0; i < durable.Coordinators.Count; i++)
        {
            durable.Coordinators[i].Terminate();
            Assert.Equal(0, await durable.Coordinators[i].ExitAsync());
            durable.Coordinators[i] = durable.Programs.LaunchCoordinator(i);
            await durable.Coordinators[i].SaysAsync("coordinator is a member");
            await WorkAsync(durable);
        }

        await ReplaceNodeAsync(durable, 1);
        await WorkAsync(durable);
        await durable.RequireAllDoneAsync();
    }

    private static async Task ReplaceNodeAsync(DurableCluster durable, int index)
    {
        durable.Nodes[index].Terminate();
        Assert.Equal(0, await durable.Nodes[index].ExitAsync());
        durable.Nodes[index] = await durable.Programs.StartNodeAsync(1);
    }

    /// <summary>Submits jobs until both nodes have run some.</summary>
    private static async Task WorkAsync(DurableCluster durable)
    {
        var processes = new HashSet<int>();
        while (processes.Count < 2)
        {
            foreach (var job in durable.Submit(50))
                processes.Add((await durable.Programs.DoneAsync(job)).ProcessId);
        }
    }
}
