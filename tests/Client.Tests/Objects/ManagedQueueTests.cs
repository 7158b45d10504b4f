using System.Collections.Concurrent;

namespace Actors.Client.Tests.Objects;

public sealed class ManagedQueueTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    private readonly LocalObjects _objects = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _objects.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Queue_WithManyProducersAndConsumers_LosesAndDoublesNothingAndKeepsEachOrder(int capacity)
    {
        const int Producers = 4, Consumers = 4, Each = 300;
        var queue = await _objects.QueueAsync<(int Producer, int Number)>(capacity);
        var producers = Enumerable.Range(0, Producers).Select(producer => Task.Run(() => ProduceAsync(queue, producer, Each))).ToArray();
        var taken = new ConcurrentBag<List<(int Producer, int Number)>>();
        var consumers = Enumerable.Range(0, Consumers).Select(consumer => Task.Run(async () => taken.Add(await ConsumeAsync(queue, consumer)))).ToArray();
        await Task.WhenAll(producers);
        for (var end = 0; end < Consumers; end++)
            await queue.PutAsync((-1, 0));
        await Task.WhenAll(consumers);
        Assert.All(taken, list => Assert.All(list.GroupBy(item => item.Producer), items => Assert.Equal(items.Order(), items)));
        var all = from producer in Enumerable.Range(0, Producers) from number in Enumerable.Range(0, Each) select (producer, number);
        Assert.Equal(all, taken.SelectMany(list => list).Order());
    }

    [Fact]
    public async Task Get_CancelledWhileOthersPut_LosesNothing()
    {
        const int Items = 500;
        var queue = await _objects.QueueAsync<int>();
        var producer = Task.Run(async () =>
        {
            for (var item = 0; item < Items; item++)
                await queue.PutAsync(item);
        });
        var got = new List<int>();
        for (var round = 0; got.Count < Items; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var get = queue.GetAsync(cancellationToken: cancellation.Token);
            if (round % 2 == 0)
                await cancellation.CancelAsync();
            try
            {
                got.Add(await get);
            }
            catch (OperationCanceledException)
            {
                Assert.True(round % 2 == 0);
            }
        }

        await producer;
        Assert.Equal(Enumerable.Range(0, Items), got);
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public async Task Get_FromAnEmptyQueue_ThrowsWhenItsTimeIsOver()
    {
        var queue = await _objects.QueueAsync<int>();
        Assert.Throws<QueueEmptyException>(() => queue.Get(Short));
        await Assert.ThrowsAsync<QueueEmptyException>(() => queue.GetAsync(TimeSpan.Zero));
        Assert.False(queue.TryGet(out _));
        Assert.Empty(queue.GetMany(3, TimeSpan.Zero));
    }

    [Fact]
    public async Task Put_IntoAFullQueue_ThrowsWhenItsTimeIsOver()
    {
        var queue = await _objects.QueueAsync<int>(1);
        queue.Put(1);
        Assert.True(queue.IsFull);
        Assert.Throws<QueueFullException>(() => queue.Put(2, Short));
        await Assert.ThrowsAsync<QueueFullException>(() => queue.PutAsync(2, TimeSpan.Zero));
        Assert.False(await queue.TryPutAsync(2));
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public async Task PutMany_WithRoomForSome_SaysHowMany()
    {
        var queue = await _objects.QueueAsync<int>(2);
        Assert.Equal(2, queue.PutMany([1, 2, 3], TimeSpan.Zero));
        Assert.Equal(0, queue.PutMany([]));
        Assert.Equal([1, 2], await queue.GetManyAsync(5));
    }

    [Fact]
    public async Task Get_WithACancelledToken_IsNotEvenAsked()
    {
        var queue = await _objects.QueueAsync<int>();
        queue.Put(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue.GetAsync(cancellationToken: new CancellationToken(canceled: true)));
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public async Task Get_BlockedAndCancelled_Throws()
    {
        var queue = await _objects.QueueAsync<int>();
        using var cancellation = new CancellationTokenSource(Short);
        Assert.ThrowsAny<OperationCanceledException>(() => queue.Get(cancellationToken: cancellation.Token));
        queue.Put(1);
        Assert.Equal(1, queue.Get());
    }

    [Fact]
    public async Task Call_WhenTheCoordinatorIsStopped_ThrowsNowAndLater()
    {
        var queue = await _objects.QueueAsync<int>();
        var waiting = Enumerable.Range(0, 20).Select(_ => queue.GetAsync()).ToArray();
        var blocked = Task.Factory.StartNew(() => queue.Get(), TaskCreationOptions.LongRunning);
        _objects.StopCoordinator();
        foreach (var get in waiting.Append(blocked))
            await Assert.ThrowsAsync<CoordinatorLostException>(() => get);
        await Assert.ThrowsAsync<CoordinatorLostException>(() => queue.PutAsync(1));
        Assert.Throws<CoordinatorLostException>(() => queue.Put(1));
    }

    [Fact]
    public async Task Call_OnARemovedObject_ThrowsNowAndLater()
    {
        var (queue, remove) = await _objects.RemovableAsync();
        var waiting = Enumerable.Range(0, 20).Select(_ => queue.GetAsync()).ToArray();
        remove();
        foreach (var get in waiting)
            await Assert.ThrowsAsync<ManagedObjectGoneException>(() => get);
        Assert.Throws<ManagedObjectGoneException>(() => queue.Put(1));
    }

    private static async Task ProduceAsync(ManagedQueue<(int Producer, int Number)> queue, int producer, int count)
    {
        for (var number = 0; number < count;)
        {
            if (producer % 3 == 0)
                queue.Put((producer, number++));
            else if (producer % 3 == 1)
                await queue.PutAsync((producer, number++));
            else
                number += await queue.PutManyAsync(Enumerable.Range(number, Math.Min(5, count - number)).Select(next => (producer, next)), Short);
        }
    }

    private static async Task<List<(int Producer, int Number)>> ConsumeAsync(ManagedQueue<(int Producer, int Number)> queue, int consumer)
    {
        for (var taken = new List<(int Producer, int Number)>(); ;)
        {
            var item = consumer % 2 == 0 ? queue.Get() : await queue.GetAsync();
            if (item.Producer < 0)
                return taken;
            taken.Add(item);
        }
    }
}
