using System.Globalization;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Items of a local durable queue outlive the program.</summary>
public sealed class DurableQueueTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private SqliteStore Store => new(Path.Combine(_folder.Path, "queues.db"));

    [LongFact]
    public async Task Put_ProgramIsKilled_KeepsAcknowledgedItems()
    {
        var acknowledged = new List<(int Producer, int Number)>();
        using (var client = ClientProgram.StartTestClient("queue", Path.Combine(_folder.Path, "queues.db")))
        {
            for (var i = 0; i < 200; i++)
                acknowledged.Add(Parse(await client.Output.ReadLineAsync().Soon() ?? await client.Error.ReadToEndAsync().Soon()));
            client.Kill();
            await client.ExitAsync();
            while (await client.Output.ReadLineAsync().Soon() is { Length: > 2 } line)
                acknowledged.Add(Parse(line));
        }

        await using var manager = await Manager.StartAsync();
        var queue = await manager.OpenQueueAsync<(int, int)>("queue", new DurableQueueOptions { Store = Store }).Soon();
        var found = new List<(int Producer, int Number)>();
        while (await queue.GetManyAsync(1000, TimeSpan.Zero).Soon() is { Count: > 0 } items)
            found.AddRange(items);

        Assert.Empty(acknowledged.Except(found));
        for (var producer = 0; producer < 4; producer++)
        {
            var numbers = found.Where(item => item.Producer == producer).Select(item => item.Number).ToList();
            Assert.Equal(Enumerable.Range(0, numbers.Count), numbers);
        }

        await manager.DeleteQueueAsync("queue", Store).Soon();
        await Assert.ThrowsAsync<ManagedObjectGoneException>(() => queue.PutAsync((0, 0)).Soon());
    }

    [LongFact]
    public async Task Put_DiskIsFull_IsRefusedAndLosesNoItem()
    {
        int acknowledged;
        using (var client = ClientProgram.StartTestClient("full", Path.Combine(_folder.Path, "queues.db")))
        {
            acknowledged = int.Parse(
                await client.Output.ReadLineAsync().Soon() ?? await client.Error.ReadToEndAsync().Soon(), CultureInfo.InvariantCulture);
            Assert.StartsWith("DurableStoreException: ", await client.Output.ReadLineAsync().Soon(), StringComparison.Ordinal);
            await client.ExitAsync();
        }

        await using var manager = await Manager.StartAsync();
        var queue = await manager.OpenQueueAsync<(int, byte[])>("queue", new DurableQueueOptions { Store = Store }).Soon();
        var found = new List<int>();
        while (await queue.GetManyAsync(10, TimeSpan.Zero).Soon() is { Count: > 0 } items)
            found.AddRange(items.Select(item => item.Item1));

        Assert.True(acknowledged > 0);
        // The refused item may or may not have been written.
        Assert.Equal(Enumerable.Range(0, found.Count), found);
        Assert.InRange(found.Count, acknowledged, acknowledged + 1);
    }

    [Fact]
    public async Task Dispose_Manager_KeepsTheQueueForTheNextManager()
    {
        await using (var manager = await Manager.StartAsync())
        {
            var queue = await manager.OpenQueueAsync<int>("queue", new DurableQueueOptions { Store = Store }).Soon();
            await queue.PutManyAsync([1, 2, 3]).Soon();
            Assert.Equal(1, await queue.GetAsync().Soon());
        }

        await using var next = await Manager.StartAsync();
        var again = await next.OpenQueueAsync<int>("queue", new DurableQueueOptions { Store = Store }).Soon();
        Assert.Equal([2, 3], await again.GetManyAsync(5).Soon());
        await next.DeleteQueueAsync("queue", Store).Soon();
        var made = await next.OpenQueueAsync<string>("queue", new DurableQueueOptions { Store = Store }).Soon();
        await made.PutAsync("new").Soon();
        Assert.Equal(1, made.Count);
    }

    [Fact]
    public async Task Queue_InsideAnArgument_IsTheSameQueueInAJob()
    {
        await using var manager = await Manager.StartAsync();
        var queue = await manager.OpenQueueAsync<int>("queue", new DurableQueueOptions { Capacity = 2, Store = Store }).Soon();
        await using var pool = await ProcessPool.StartAsync(1);
        queue.Put(20);

        Assert.Equal(21, await pool.ApplyAsync(Increment, new Order(queue)).Soon());

        Assert.Equal([21, 22], queue.GetMany(3));
        Assert.Throws<QueueEmptyException>(() => queue.Get(TimeSpan.Zero));
        Assert.True(queue.TryPut(1) && queue.TryPut(2) && queue.IsFull && !queue.TryPut(3));
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => manager.OpenQueueAsync<string>("queue", new DurableQueueOptions { Store = Store }).Soon());
        Assert.Contains("ManagedQueue<System.Int32>", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A store without a coordinator serves one program at a time.</summary>
    [LongFact]
    public async Task Open_QueueIsOpenInAnotherProcess_ThrowsAndTheFirstContinues()
    {
        var environment = new Dictionary<string, string> { ["TMPDIR"] = Path.GetTempPath() };
        await using var manager = await Manager.StartAsync();
        using (var client = ClientProgram.StartTestClient(environment, "queue", Path.Combine(_folder.Path, "queues.db")))
        {
            Parse(await client.Output.ReadLineAsync().Soon() ?? await client.Error.ReadToEndAsync().Soon());

            var refused = await Assert.ThrowsAsync<DurableStoreException>(
                () => manager.OpenQueueAsync<(int, int)>("queue", new DurableQueueOptions { Store = Store }).Soon());

            Assert.Contains("open in another program", refused.Message, StringComparison.Ordinal);
            Parse((await client.Output.ReadLineAsync().Soon())!);
            client.Kill();
            await client.ExitAsync();
        }

        var queue = await manager.OpenQueueAsync<(int, int)>("queue", new DurableQueueOptions { Store = Store }).Soon();
        Assert.Equal(0, (await queue.GetAsync().Soon()).Item2);
    }

    /// <summary>Programs in different containers do not see each other.</summary>
    [LongFact]
    public async Task Open_ProcessWithAnotherTemporaryDirectory_TakesTheQueueOver()
    {
        await using var manager = await Manager.StartAsync();
        var queue = await manager.OpenQueueAsync<(int, int)>("queue", new DurableQueueOptions { Store = Store }).Soon();
        using var client = ClientProgram.StartTestClient("queue", Path.Combine(_folder.Path, "queues.db"));
        Parse(await client.Output.ReadLineAsync().Soon() ?? await client.Error.ReadToEndAsync().Soon());

        var fenced = await Assert.ThrowsAsync<DurableStoreException>(() => queue.PutAsync((9, 9)).Soon());

        Assert.Contains("was opened by another program", fenced.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WithoutAStore_NamesTheMissingOption()
    {
        await using var manager = await Manager.StartAsync();
        var missing = await Assert.ThrowsAsync<ArgumentException>(() => manager.OpenQueueAsync<int>("queue").Soon());
        Assert.Contains("SqliteStore", missing.Message, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static int Increment(Order order)
    {
        var number = order.Queue.Get() + 1;
        order.Queue.PutMany([number, number + 1]);
        return number;
    }

    private static (int, int) Parse(string line) => line.Split(' ') is [var producer, var number]
        && int.TryParse(producer, out var first) && int.TryParse(number, out var second)
            ? (first, second)
            : throw new InvalidDataException(line);

    private sealed record Order(ManagedQueue<int> Queue);
}
