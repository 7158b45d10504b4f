using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>Edge cases of pools and pipes: invalid arguments, and calls in the wrong state.</summary>
public sealed class PoolEdgeTests(ContainerTests.Setup setup) : IClassFixture<ContainerTests.Setup>
{
    private static readonly CancellationToken Canceled = new(canceled: true);

    private readonly Manager _manager = setup.Manager;

    [Fact]
    public async Task Pool_CallsInTheWrongState_Throw()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Map(x => x, [1], chunkSize: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Map(x => x, [1], chunkSize: -1));
        Assert.Throws<ArgumentNullException>(() => pool.Map<int, int>(x => x, null!));
        Assert.Throws<ArgumentNullException>(() => { pool.ApplyAsync((Func<int>)null!); });
        Assert.Throws<ArgumentNullException>(() => { pool.ApplyAsync((Action<int>)null!, 1); });
        Assert.Throws<ArgumentNullException>(() => pool.Map((Func<int, int>)null!, [1]));
        Assert.Throws<ArgumentNullException>(() => pool.StarMap((Func<int, int, int>)null!, [(1, 2)]));
        Assert.Throws<ArgumentNullException>(() => new WorkerProcess((Action)null!));
        Assert.Throws<ArgumentNullException>(() => PoolInitializer.Of((Action)null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => { pool.IMap(x => x, [1], chunkSize: 0); });
        Assert.True(pool.Map(x => x, new string?[] { null, "a" }) is [null, "a"]);
        var whole = await pool.MapAsync(x => x, [1, 2], chunkSize: int.MaxValue).Soon();
        Assert.Equal([1, 2], whole);
        await foreach (var item in pool.IMap(x => x, [1], chunkSize: int.MaxValue, maxChunksAhead: int.MaxValue))
            Assert.Equal(1, item);
        Assert.Equal(3, pool.ApplyAsync(() => 3).Get());
        pool.Close();
        pool.Close();
        Assert.Throws<InvalidOperationException>(() => pool.Map(x => x, [1]));
        Assert.Throws<InvalidOperationException>(() => pool.Map(x => x, Array.Empty<int>()));
        var summary = await pool.JoinAsync().Soon();
        Assert.Equal(summary.Total, (await pool.JoinAsync().Soon()).Total);
        Assert.Equal(summary.Total, (await pool.TerminateAsync().Soon()).Total);
        Assert.ThrowsAny<InvalidOperationException>(() => { pool.ApplyAsync(() => 1); });
    }

    [Fact]
    public async Task IMap_DisposedEarly_ThePoolContinues()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        await foreach (var item in pool.IMap(x => x, Numbers()))
        {
            if (item == 5)
                break;
        }

        Assert.Equal(1, await pool.ApplyAsync(() => 1).Soon());
        var summary = await pool.CompleteAsync().Soon();
        Assert.Equal(0, summary.Failed);

        static IEnumerable<int> Numbers()
        {
            for (var i = 0; ; i++)
                yield return i;
        }
    }

    [Fact]
    public void Pipe_ClosedAtOneEnd_DeliversSentMessagesAndThenTheEnd()
    {
        var (a, b) = _manager.CreatePipe<int>();
        Assert.False(b.Poll());
        a.Send(1);
        a.Close();
        a.Close();
        Assert.True(a.IsClosed);
        Assert.True(b.Poll());
        Assert.Equal(1, b.Receive());
        Assert.True(b.Poll(TimeSpan.FromSeconds(10)));
        Assert.Throws<EndOfStreamException>(() => b.Receive());
        Assert.ThrowsAny<IOException>(() => b.Send(2));
        Assert.Throws<ObjectDisposedException>(() => a.Send(3));
        Assert.Throws<ObjectDisposedException>(() => a.Receive());
        Assert.Throws<ObjectDisposedException>(() => a.Poll());
    }

    [Fact]
    public void Pipe_BytesEdgeCases_ArriveOrAreRefused()
    {
        var (a, b) = _manager.CreatePipe<string?>();
        a.SendBytes(default);
        Assert.True(b.Poll());
        Assert.Empty(b.ReceiveBytes());
        a.SendBytes(new byte[] { 1, 2, 3 });
        Assert.Throws<ArgumentOutOfRangeException>(() => b.ReceiveBytes(-1));
        Assert.Throws<MessageTooLongException>(() => b.ReceiveBytes(2));
        Assert.Equal([1, 2, 3], b.ReceiveBytes(3));
        a.Send(null);
        Assert.Null(b.Receive());
        Assert.ThrowsAny<OperationCanceledException>(() => b.Receive(Canceled));
    }
}
