using Actors;

namespace Actors.EndToEnd.Client;

/// <summary>Uses a durable queue until it is killed.</summary>
internal static class QueueProgram
{
    /// <summary>Receives items, acknowledges the first ones, and prints the last one, which it does not acknowledge.</summary>
    public static async Task ReceiveAsync(string store, int acknowledged)
    {
        await using var manager = await Manager.StartAsync();
        var queue = await OpenAsync(manager, store);
        for (var i = 0; i < acknowledged; i++)
        {
            await using var done = await queue.ReceiveAsync();
            await done.AcknowledgeAsync();
        }

        var last = await queue.ReceiveAsync();
        Console.WriteLine($"{last.Value} {last.DeliveryCount}");
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Several producers put the same items in the same order, each with its key, and print those that they have put.</summary>
    public static async Task PutOnceAsync(string store)
    {
        await using var manager = await Manager.StartAsync();
        var queue = await OpenAsync(manager, store);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            for (var item = 0; ; item++)
            {
                await queue.PutOnceAsync(item, $"item-{item}");
                Console.WriteLine(item);
            }
        }));
    }

    private static Task<ManagedQueue<int>> OpenAsync(Manager manager, string store) =>
        manager.OpenQueueAsync<int>("queue", new DurableQueueOptions { Store = new SqliteStore(store) });
}
