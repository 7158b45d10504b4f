using Actors.Compose.Tests.Programs;

namespace Actors.Compose.Tests;

/// <summary>The store of the durable pools.</summary>
[Collection(ComposeCollection.Name)]
public sealed class DatabaseTests(ComposeCluster cluster)
{
    [ComposeFact]
    public async Task Database_KilledAndRestarted_BatchContinues()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);

        await (await cluster.OneAsync("postgres")).KillAsync();
        await Eventually.HoldsAsync("a coordinator reports that its store is unreachable", 60, async () =>
            (await (await cluster.OwnerAsync(batch.Name)).LogAsync()).Contains(
                $"durable pool '{batch.Name}': cannot continue here", StringComparison.Ordinal));
        await cluster.RepairAsync();

        await batch.NextAsync();
        await batch.FinishAsync();
    }

    [ComposeFact]
    public async Task Database_Paused_BatchContinues()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var database = await cluster.OneAsync("postgres");

        await database.PauseAsync();
        await Task.Delay(TimeSpan.FromSeconds(20));
        await database.ResumeAsync();

        await batch.NextAsync();
        await batch.FinishAsync();
    }
}
