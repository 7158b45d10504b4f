using Actors.Compose.Tests.Programs;

namespace Actors.Compose.Tests;

/// <summary>A large batch runs while its coordinators and nodes are killed, paused and disconnected.</summary>
[Collection(ComposeCollection.Name)]
public sealed class StormTests(ComposeCluster cluster)
{
    private const int Jobs = 100_000;

    /// <summary>The number of jobs between two faults.</summary>
    private const int JobsBetweenFaults = Jobs / 8;

    private static readonly TimeSpan Longer = TimeSpan.FromSeconds(20);

    [ComposeFact]
    public async Task Batch_CoordinatorsAndNodesAreKilledPausedAndDisconnected_ReturnsEveryResult()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster, Jobs);

        foreach (
            var (index, injectAsync) in new Func<RecordedBatch,
            Task>[] { KillOwner, DisconnectOwner, PauseOwner, KillNode, DisconnectNode, PauseNode, KillOwnerAndNode }.Index())
        {
            await batch.DoneAsync((index + 1) * JobsBetweenFaults);
            await injectAsync(batch);
        }

        await batch.DoneAsync(Jobs - 1);
        Assert.Equal(Jobs, (await batch.FinishAsync()).Count);
    }

    private async Task KillOwner(RecordedBatch batch)
    {
        await (await cluster.OwnerAsync(batch.Name)).KillAsync();
        await cluster.RepairAsync();
    }

    private async Task DisconnectOwner(RecordedBatch batch)
    {
        var owner = await cluster.OwnerAsync(batch.Name);
        await cluster.DisconnectAsync(owner);
        await cluster.MovesAsync(batch.Name, owner);
        await cluster.ReconnectAsync(owner);
        await cluster.RepairAsync();
    }

    private async Task PauseOwner(RecordedBatch batch)
    {
        var owner = await cluster.OwnerAsync(batch.Name);
        var before = await owner.StartedAsync();
        await owner.PauseAsync();
        await Task.Delay(Longer);
        await owner.ResumeAsync();
        await Eventually.HoldsAsync("the removed coordinator restarts", 60, async () => await owner.StartedAsync() != before);
        await cluster.RepairAsync();
    }

    private async Task KillNode(RecordedBatch batch)
    {
        await (await cluster.NodesAsync())[0].KillAsync();
        await cluster.RepairAsync();
    }

    private async Task DisconnectNode(RecordedBatch batch)
    {
        var node = (await cluster.NodesAsync())[0];
        await cluster.DisconnectAsync(node);
        await Task.Delay(Longer);
        await cluster.ReconnectAsync(node);
    }

    private async Task PauseNode(RecordedBatch batch)
    {
        var node = (await cluster.NodesAsync())[1];
        await node.PauseAsync();
        await Task.Delay(Longer);
        await node.ResumeAsync();
    }

    private async Task KillOwnerAndNode(RecordedBatch batch)
    {
        await Task.WhenAll((await cluster.OwnerAsync(batch.Name)).KillAsync(), (await cluster.NodesAsync())[0].KillAsync());
        await cluster.RepairAsync();
    }
}
