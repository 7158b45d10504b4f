namespace Actors.Client.Tests.Objects;

/// <summary>The queue as a user sees it, over a real local coordinator.</summary>
public sealed class ManagedQueueTests : IAsyncLifetime
{
    private Manager _manager = null!;

    public async Task InitializeAsync() => _manager = await Manager.StartAsync();

    public async Task DisposeAsync() => await _manager.DisposeAsync();

    [Fact]
    public async Task Get_AfterPuts_ReturnsItemsInOrder()
    {
        var queue = await _manager.CreateQueueAsync<string>();
        queue.Put("a");
        await queue.PutAsync("b");
        Assert.Equal(2, await queue.PutManyAsync(["c", "d"]));
        Assert.Equal(4, queue.Count);
        Assert.Equal("a", queue.Get());
        Assert.Equal("b", await queue.GetAsync());
        Assert.Equal(["c", "d"], queue.GetMany(5));
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public async Task Put_QueueFull_ThrowsOrReturnsFalse()
    {
        var queue = await _manager.CreateQueueAsync<int>(capacity: 1);
        queue.Put(1);
        Assert.True(queue.IsFull);
        Assert.Equal(1, queue.Capacity);
        Assert.False(queue.TryPut(2));
        Assert.Throws<QueueFullException>(() => queue.Put(2, TimeSpan.FromMilliseconds(5)));
        Assert.Equal(0, queue.PutMany([2, 3], TimeSpan.Zero));
    }

    [Fact]
    public async Task Get_QueueEmpty_ThrowsOrReturnsFalse()
    {
        var queue = await _manager.CreateQueueAsync<int>();
        Assert.False(queue.TryGet(out _));
        await Assert.ThrowsAsync<QueueEmptyException>(() => queue.GetAsync(TimeSpan.FromMilliseconds(5)));
        Assert.Empty(queue.GetMany(3, TimeSpan.Zero));
    }

    [Fact]
    public async Task Get_Waiting_ReturnsLaterItem()
    {
        var queue = await _manager.CreateQueueAsync<int>(capacity: 1);
        var first = queue.GetAsync();
        var second = queue.GetAsync();
        await queue.PutManyAsync([1, 2]);
        var got = await Task.WhenAll(first, second);
        Assert.Equal([1, 2], got);
    }

    [Fact]
    public async Task Get_Canceled_LosesNoItem()
    {
        var queue = await _manager.CreateQueueAsync<int>();
        using var cancel = new CancellationTokenSource();
        var waiting = queue.GetAsync(null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        queue.Put(1);
        Assert.Equal(1, queue.Get());
    }

    [Fact]
    public async Task Get_ManyBlockedThreads_AllComplete()
    {
        var queue = await _manager.CreateQueueAsync<int>();
        var getters = Enumerable.Range(0, 16).Select(_ => Task.Run(() => queue.Get())).ToList();
        await queue.PutManyAsync(Enumerable.Range(0, 16));
        Assert.Equal(Enumerable.Range(0, 16), (await Task.WhenAll(getters)).Order());
    }

    [Fact]
    public async Task Dispose_Manager_FailsWaitingCallers()
    {
        var manager = await Manager.StartAsync();
        var queue = await manager.CreateQueueAsync<int>();
        var waiting = queue.GetAsync();
        await manager.DisposeAsync();
        await Assert.ThrowsAsync<ManagedObjectGoneException>(() => waiting);
    }

    [Fact]
    public async Task Put_ManyProducers_KeepsOrderOfEach()
    {
        const int Producers = 4;
        const int Items = 500;
        var queue = await _manager.CreateQueueAsync<int>(capacity: 8);
        var puts = Task.WhenAll(Enumerable.Range(0, Producers).Select(producer => PutAllAsync(queue, producer * Items, Items)));
        var got = new List<int>();
        while (got.Count < Producers * Items)
            got.AddRange(await queue.GetManyAsync(32));
        await puts;
        Assert.Equal(
            Enumerable.Range(0, Producers * Items), got.GroupBy(item => item / Items).OrderBy(one => one.Key).SelectMany(one => one));
    }

    private static async Task PutAllAsync(ManagedQueue<int> queue, int first, int count)
    {
        for (int item = first; item < first + count; item++)
            await queue.PutAsync(item);
    }
}
