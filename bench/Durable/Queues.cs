// Compares durable queues with queues in memory: items of 8 bytes, one or 1,000 in a call, by several concurrent callers.

using System.Diagnostics;
using Actors;
using Spectre.Console;

internal static class Queues
{
    public static async Task RunAsync(int items, SqliteStore store)
    {
        await using var manager = await Manager.StartAsync();
        var plain = await manager.CreateQueueAsync<long>();
        var durable = await manager.OpenQueueAsync<long>("rate", new DurableQueueOptions { Store = store });
        var table = new Table().AddColumns("queue, items/s", "in memory", "durable, SQLite", "ratio");
        foreach (var callers in (int[])[1, 16, 1024])
        {
            await AddAsync(table, $"put, {callers} callers", callers == 1 ? items / 100 : items, plain, durable, callers, PutAsync);
            await AddAsync(table, $"get, {callers} callers", callers == 1 ? items / 100 : items, plain, durable, callers, GetAsync);
        }

        await AddAsync(table, "put, 1000 in a call", items, plain, durable, 4, PutManyAsync);
        await AddAsync(table, "get, 1000 in a call", items, plain, durable, 4, GetManyAsync);
        AnsiConsole.Write(table);
        await manager.DeleteQueueAsync("rate", store);
    }

    private static async Task AddAsync(
        Table table, string name, int items, ManagedQueue<long> plain, ManagedQueue<long> durable, int callers, Func<ManagedQueue<long>,
        int, Task> run)
    {
        var inMemory = await RateAsync(plain, items, callers, run);
        var written = await RateAsync(durable, items, callers, run);
        table.AddRow(name, $"{inMemory:N0}", $"{written:N0}", $"{written / inMemory:0.00}");
    }

    private static async Task<double> RateAsync(ManagedQueue<long> queue, int items, int callers, Func<ManagedQueue<long>, int, Task> run)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => run(queue, items / callers))));
        return items / watch.Elapsed.TotalSeconds;
    }

    private static async Task PutAsync(ManagedQueue<long> queue, int count)
    {
        for (var i = 0; i < count; i++)
            await queue.PutAsync(i);
    }

    private static async Task GetAsync(ManagedQueue<long> queue, int count)
    {
        for (var i = 0; i < count; i++)
            await queue.GetAsync();
    }

    private static async Task PutManyAsync(ManagedQueue<long> queue, int count)
    {
        for (var i = 0; i < count; i += 1000)
            await queue.PutManyAsync(Enumerable.Range(0, Math.Min(1000, count - i)).Select(item => (long)item));
    }

    private static async Task GetManyAsync(ManagedQueue<long> queue, int count)
    {
        for (var taken = 0; taken < count;)
            taken += (await queue.GetManyAsync(Math.Min(1000, count - taken))).Count;
    }
}
