using Actors.Compose.Tests.Programs;

namespace Actors.Compose.Tests;

/// <summary>A large batch, while what runs it is killed, paused and cut off.</summary>
[Collection(ComposeCollection.Name)]
public sealed class StormTests(ComposeCluster cluster)
{
    private const int Jobs = 100_000;

    /// <summary>How much of the batch is done between two blows.</summary>
    private const int Blow = Jobs / 8;

    private static readonly TimeSpan Longer = TimeSpan.FromSeconds(20);

    [ComposeFact]
    public async Task Batch_WhileCoordinatorsAndNodesAreKilledPausedAndCutOff_EndsWithEveryJobDoneAndEveryResultRight()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster, Jobs);

        foreach (var (blow, strikeAsync) in new Func<RecordedBatch, Task>[] { KillOwner, CutOwnerOff, PauseOwner, KillNode, CutNodeOff, PauseNode, KillOwnerAndNode }.Index())
        {
            await batch.DoneAsync((blow + 1) * Blow);
            await strikeAsync(batch);
        }

        await batch.DoneAsync(Jobs - 1);
        Assert.Equal(Jobs, (await batch.FinishAsync()).Count);
    }

    private async Task KillOwner(RecordedBatch batch)
    {
        await (await cluster.OwnerAsync(batch.Name)).KillAsync();
        await cluster.TogetherAsync();
    }

    private async Task CutOwnerOff(RecordedBatch batch)
    {
        var owner = await cluster.OwnerAsync(batch.Name);
        await cluster.CutOffAsync(owner);
        await cluster.MovesAsync(batch.Name, owner);
        await cluster.ReconnectAsync(owner);
        await cluster.TogetherAsync();
    }

    private async Task PauseOwner(RecordedBatch batch)
    {
        var owner = await cluster.OwnerAsync(batch.Name);
        var before = await owner.StartedAsync();
        await owner.PauseAsync();
        await Task.Delay(Longer);
        await owner.WakeAsync();
        await Eventually.HoldsAsync("the coordinator that was given up ends", 60, async () => await owner.StartedAsync() != before);
        await cluster.TogetherAsync();
    }

    private async Task KillNode(RecordedBatch batch)
    {
        await (await cluster.NodesAsync())[0].KillAsync();
        await cluster.TogetherAsync();
    }

    private async Task CutNodeOff(RecordedBatch batch)
    {
        var node = (await cluster.NodesAsync())[0];
        await cluster.CutOffAsync(node);
        await Task.Delay(Longer);
        await cluster.ReconnectAsync(node);
    }

    private async Task PauseNode(RecordedBatch batch)
    {
        var node = (await cluster.NodesAsync())[1];
        await node.PauseAsync();
        await Task.Delay(Longer);
        await node.WakeAsync();
    }

    private async Task KillOwnerAndNode(RecordedBatch batch)
    {
        await Task.WhenAll((await cluster.OwnerAsync(batch.Name)).KillAsync(), (await cluster.NodesAsync())[0].KillAsync());
        await cluster.TogetherAsync();
    }
}
