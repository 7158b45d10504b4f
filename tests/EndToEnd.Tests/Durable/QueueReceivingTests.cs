using System.Diagnostics;
using System.Globalization;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Items that are acknowledged after they were processed, and puts that are repeated with their key.</summary>
public sealed class QueueReceivingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "queues.db");

    [Fact]
    public async Task Receive_WorkerIsLostBeforeTheAcknowledgment_IsDeliveredAgain()
    {
        await using var manager = await Manager.StartAsync();
        var queue = await OpenAsync(manager);
        await queue.PutManyAsync([7, 8]).Soon();
        await using var pool = await ProcessPool.StartAsync(1, options: new PoolOptions { MaxAttempts = 2 });

        Assert.Equal((7, 2), await pool.ApplyAsync(ProcessAtTheSecondDelivery, queue).Soon());

        await using var next = await queue.ReceiveAsync().Soon();
        Assert.Equal((8, 1), (next.Value, next.DeliveryCount));
    }

    /// <summary>The queue waits 6 s for the program, which could still be alive.</summary>
    [LongFact]
    public async Task Receive_ProgramIsKilledBeforeTheAcknowledgment_IsDeliveredAgain()
    {
        await using (var manager = await Manager.StartAsync())
        {
            var filled = await OpenAsync(manager);
            await filled.PutManyAsync([1, 2, 3]).Soon();
        }

        using (var client = ClientProgram.StartTestClient("receive", Path, "2"))
        {
            Assert.Equal("3 1", await client.Output.ReadLineAsync().Soon());
            client.Kill();
            await client.ExitAsync();
        }

        await using var next = await Manager.StartAsync();
        var queue = await OpenAsync(next);
        await using var again = await queue.ReceiveAsync().Soon();
        Assert.Equal((3, 2), (again.Value, again.DeliveryCount));
        await again.AcknowledgeAsync().Soon();
        Assert.Equal(0, await queue.CountAsync().Soon());
    }

    [LongFact]
    public async Task PutOnce_ProgramIsKilledAndPutsAgain_HasEachItemOnce()
    {
        var last = 0;
        for (var run = 1; run <= 3; run++)
        {
            using var client = ClientProgram.StartTestClient("put-once", Path);
            while (last < run * 100)
                last = Parse(await client.Output.ReadLineAsync().Soon() ?? await client.Error.ReadToEndAsync().Soon());
            client.Kill();
            await client.ExitAsync();
            while (await client.Output.ReadLineAsync().Soon() is { } line && int.TryParse(line, out var more))
                last = Math.Max(last, more);
        }

        await using var manager = await Manager.StartAsync();
        var queue = await OpenAsync(manager);
        var found = new List<int>();
        while (await queue.GetManyAsync(1000, TimeSpan.Zero).Soon() is { Count: > 0 } items)
            found.AddRange(items);
        Assert.Equal(Enumerable.Range(0, found.Count), found);
        Assert.True(found.Count > last, $"{found.Count} items, but {last} was put.");
    }

    [Fact]
    public async Task Acknowledge_OnceAgainOrAfterTheDisposal_RemovesTheItemOrThrows()
    {
        await using var manager = await Manager.StartAsync();
        var queue = await OpenAsync(manager);
        await queue.PutManyAsync([1, 2]).Soon();
        using (var first = queue.Receive())
        {
            first.Acknowledge();
            first.Acknowledge();
        }

        var second = await queue.TryReceiveAsync().Soon();
        Assert.Equal(2, second!.Value);
        Assert.Null(queue.TryReceive());
        second.Dispose();
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(second.Acknowledge);

        using var again = queue.TryReceive();
        Assert.Equal((2, 2), (again!.Value, again.DeliveryCount));
        Assert.Throws<QueueEmptyException>(() => queue.Receive(TimeSpan.Zero));
        again.Acknowledge();
        Assert.True(queue.Join(TimeSpan.Zero));
    }

    [Fact]
    public async Task AcknowledgeAsync_AfterACanceledOne_RemovesTheItem()
    {
        await using var manager = await Manager.StartAsync();
        var queue = await OpenAsync(manager);
        await queue.PutManyAsync(Enumerable.Range(0, 50)).Soon();
        for (var i = 0; i < 50; i++)
        {
            var item = await queue.ReceiveAsync().Soon();
            using var canceled = new CancellationTokenSource();
            var first = item.AcknowledgeAsync(canceled.Token);
            await canceled.CancelAsync();
            await first.ContinueWith(_ => { }, TaskScheduler.Default).Soon();
            if (i % 2 == 0)
                await item.AcknowledgeAsync().Soon();
            await item.DisposeAsync();
            await item.DisposeAsync();
        }

        Assert.Null(await queue.TryReceiveAsync().Soon());
        Assert.True(await queue.JoinAsync(TimeSpan.FromMinutes(1)));
    }

    /// <summary>The proxy of the queue may be collected while the item is held.</summary>
    [Fact]
    public async Task Acknowledge_QueueIsCollected_RemovesTheItem()
    {
        await using var manager = await Manager.StartAsync();
        var item = await ReceiveAndForgetQueueAsync(manager);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        item.Acknowledge();

        Assert.Equal(0, (await OpenAsync(manager)).Count);
    }

    [Fact]
    public async Task PutOnce_SameKey_PutsOneItem()
    {
        await using var manager = await Manager.StartAsync();
        var queue = await OpenAsync(manager);

        Assert.True(await queue.PutOnceAsync(7, "seven").Soon());
        Assert.False(queue.PutOnce(7, "seven"));
        Assert.Equal(7, await queue.GetAsync().Soon());
        Assert.False(queue.PutOnce(7, "seven"));

        var conflict = await Assert.ThrowsAsync<QueueKeyConflictException>(() => queue.PutOnceAsync(8, "seven").Soon());
        Assert.Equal("seven", conflict.Key);
        Assert.Throws<ArgumentException>(() => { queue.PutOnce(8, ""); });
        Assert.Throws<ArgumentException>(() => { queue.PutOnce(8, new string('x', 201)); });
        Assert.Equal(0, queue.Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private Task<ManagedQueue<int>> OpenAsync(Manager manager) =>
        manager.OpenQueueAsync<int>("queue", new DurableQueueOptions { Store = new SqliteStore(Path) }).Soon();

    private async Task<ReceivedItem<int>> ReceiveAndForgetQueueAsync(Manager manager)
    {
        var queue = await OpenAsync(manager);
        await queue.PutAsync(1).Soon();
        return await queue.ReceiveAsync().Soon();
    }

    private static (int, int) ProcessAtTheSecondDelivery(ManagedQueue<int> queue)
    {
        using var item = queue.Receive();
        if (item.DeliveryCount == 1)
            Process.GetCurrentProcess().Kill();
        item.Acknowledge();
        return (item.Value, item.DeliveryCount);
    }

    private static int Parse(string line) => int.TryParse(line, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidDataException(line);
}
