using Actors.Pools;

namespace Actors.Client.Tests.Pools;

/// <summary>How this program combines the results of chunks.</summary>
public sealed class MapReductionTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0, 1, 2, 3)]
    [InlineData(3, 2, 1, 0)]
    [InlineData(2, 0, 3, 1)]
    public async Task CollectChunk_ChunksInAnyOrder_CombinesInItemOrder(params int[] order)
    {
        var reduction = Begin((left, right) => left + right);

        foreach (var chunk in order)
            reduction.CollectChunk(Chunk(chunk));

        Assert.Equal("0123", await reduction.Task.WaitAsync(Guard));
    }

    [Fact]
    public async Task CollectChunk_LaterChunkMissing_CombinesEarlierChunks()
    {
        var combined = new TaskCompletionSource();
        var reduction = Begin((left, right) =>
        {
            combined.TrySetResult();
            return left + right;
        });

        reduction.CollectChunk(Chunk(1));
        reduction.CollectChunk(Chunk(0));
        await combined.Task.WaitAsync(Guard);
        Assert.False(reduction.Task.IsCompleted);
        reduction.CollectChunk(Chunk(2));
        reduction.CollectChunk(Chunk(3));

        Assert.Equal("0123", await reduction.Task.WaitAsync(Guard));
    }

    [Fact]
    public async Task CollectChunk_ChunksFailed_ThrowsFirstByPositionAfterAllEnded()
    {
        var reduction = Begin((left, right) => left + right);

        reduction.CollectChunk(Failed(3));
        reduction.CollectChunk(Chunk(0));
        reduction.CollectChunk(Failed(1));
        Assert.False(reduction.Task.IsCompleted);
        reduction.CollectChunk(Chunk(2));

        await Assert.ThrowsAsync<FormatException>(() => reduction.Task.WaitAsync(Guard));
        Assert.Equal(["1", "3"], reduction.Task.Exception!.InnerExceptions.Select(error => error.Message));
    }

    [Fact]
    public async Task CollectChunk_CombiningThrows_FailsAfterAllEnded()
    {
        var thrown = new TaskCompletionSource();
        var reduction = Begin((_, _) =>
        {
            thrown.TrySetResult();
            throw new InvalidDataException("not combined");
        });

        reduction.CollectChunk(Chunk(0));
        reduction.CollectChunk(Chunk(1));
        await thrown.Task.WaitAsync(Guard);
        reduction.CollectChunk(Chunk(2));
        Assert.False(reduction.Task.IsCompleted);
        reduction.CollectChunk(Chunk(3));

        await Assert.ThrowsAsync<InvalidDataException>(() => reduction.Task.WaitAsync(Guard));
        Assert.Single(reduction.Task.Exception!.InnerExceptions);
    }

    [Fact]
    public async Task CollectChunk_FailFastAndCombiningThrows_EndsAndCancelsRemaining()
    {
        var reduction = Begin((_, _) => throw new InvalidDataException("not combined"), new JobOptions { FailFast = true });
        using var canceled = new CancellationTokenSource();
        reduction.Token.Register(canceled.Cancel);

        reduction.CollectChunk(Chunk(0));
        reduction.CollectChunk(Chunk(1));

        await Assert.ThrowsAsync<InvalidDataException>(() => reduction.Task.WaitAsync(Guard));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Guard, canceled.Token));
    }

    private static MapReduction<string> Begin(Func<string, string, string> reduce, JobOptions? options = null)
    {
        var reduction = new MapReduction<string>(8, 2, reduce, new PoolCallbacks(TimeProvider.System), options, CancellationToken.None);
        reduction.BeginMap(() => { });
        return reduction;
    }

    private static ReducedChunk<string> Chunk(int number) => new(number * 2, 2, $"{number}", null);

    private static ReducedChunk<string> Failed(int number) => new(number * 2, 2, "", new FormatException($"{number}"));
}
