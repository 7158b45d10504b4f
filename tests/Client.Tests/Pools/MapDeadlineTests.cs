using Actors.Pools;

namespace Actors.Client.Tests.Pools;

/// <summary>The timeout of a whole map, in virtual time.</summary>
public sealed class MapDeadlineTests
{
    private const int Items = 4;

    private static readonly JobOptions ThreeSeconds = new() { MapTimeout = TimeSpan.FromSeconds(3) };

    private readonly VirtualClock _clock = new();

    [Fact]
    public async Task MapAsync_TimeIsOver_FailsAndCancelsTheRest()
    {
        var map = new MapValues<int>(Items, 1, new PoolCallbacks(_clock), ThreeSeconds, CancellationToken.None) { Function = "Square" };
        map.BeginMap(() => { });
        using var canceled = new CancellationTokenSource();
        map.Token.Register(canceled.Cancel);
        map.CollectChunk(Chunk(0));

        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(map.Task.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));

        var exception = await Assert.ThrowsAsync<JobTimedOutException>(() => map.Task);
        Assert.Contains("The map of Square did not end within MapTimeout (00:00:03): 1 of 4 items had ended", exception.Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromSeconds(30), canceled.Token));
        map.CollectChunk(Chunk(1));
        Assert.Single(map.Task.Exception!.InnerExceptions);
    }

    [Fact]
    public async Task MapResultsAsync_TimeIsOver_ReturnsValuesAndErrors()
    {
        var map = new MapResults<int>(Items, 1, new PoolCallbacks(_clock), ThreeSeconds, CancellationToken.None);
        map.BeginMap(() => { });
        map.CollectChunk(Chunk(2));

        _clock.Advance(TimeSpan.FromSeconds(3));

        var results = await map.Task;
        Assert.Equal([false, false, true, false], results.Select(result => result.IsSuccessful));
        Assert.Equal(20, results[2].Value);
        Assert.IsType<JobTimedOutException>(results[3].Error);
    }

    [Fact]
    public async Task MapAsync_EndsInTime_TimeoutHasNoEffect()
    {
        var map = new MapValues<int>(Items, 2, new PoolCallbacks(_clock), ThreeSeconds, CancellationToken.None);
        map.BeginMap(() => { });
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        map.CollectChunk(Chunk(2, 3));
        map.CollectChunk(Chunk(0, 1));

        _clock.Advance(TimeSpan.FromSeconds(1));

        int[] values = await map.Task;
        Assert.Equal<int[]>([0, 10, 20, 30], values);
    }

    private static MapChunk<int> Chunk(params int[] items) =>
        MapChunk<int>.FromItems(items[0], [.. items.Select(item => (item * 10, default(Exception)))]);
}
