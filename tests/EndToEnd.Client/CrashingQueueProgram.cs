using Actors;

namespace Actors.EndToEnd.Client;

/// <summary>Uses a durable queue, and crashes at a step. Another run puts the item again, and receives all items.</summary>
/// <param name="place">The store or the coordinators.</param>
internal sealed class CrashingQueueProgram(CrashPlace place)
{
    private const int Item = 7;
    private const string Key = "item-7";

    /// <summary>Longer than the queue retains the items of a process that may be alive.</summary>
    private static readonly TimeSpan LongestReturn = TimeSpan.FromSeconds(8);

    public static CrashingQueueProgram From(string[] args) => new(new CrashPlace(args[1], args[2]));

    public async Task CrashAsync(string step, int milliseconds)
    {
        var crash = new CrashPoint(step, milliseconds);
        var manager = await place.StartManagerAsync();
        crash.PassDuring("opening", () => place.OpenQueueAsync(manager));
        var queue = await place.OpenQueueAsync(manager);
        if (step.EndsWith("-many", StringComparison.Ordinal))
            await UseManyItemsAsync(queue, crash);
        crash.PassDuring("putting", () => queue.PutOnceAsync(Item, Key));
        await queue.PutOnceAsync(Item, Key);
        Console.WriteLine("put");
        crash.Pass("put");
        crash.PassDuring("getting", () => queue.GetAsync());
        if (step == "got")
            Console.WriteLine($"got {await queue.GetAsync()}");
        crash.Pass("got");
        crash.PassDuring("receiving", () => queue.ReceiveAsync());
        var item = await queue.ReceiveAsync();
        Console.WriteLine($"received {item.Value}");
        crash.Pass("received");
        crash.PassDuring("acknowledging", () => item.AcknowledgeAsync());
        await item.AcknowledgeAsync();
        crash.Pass("acknowledged");
        throw new ArgumentException($"Unknown step: {step}.");
    }

    private static async Task UseManyItemsAsync(ManagedQueue<int> queue, CrashPoint crash)
    {
        crash.PassDuring("putting-many", () => queue.PutManyAsync([1, 2, 3]));
        await queue.PutManyAsync([1, 2, 3]);
        crash.Pass("put-many");
        crash.PassDuring("getting-many", () => queue.GetManyAsync(3));
        await queue.GetManyAsync(3);
        crash.Pass("got-many");
    }

    /// <summary>Puts the item again. Prints whether that added it, then the items and the number of their deliveries.</summary>
    /// <param name="step">The step. After one with many items, several may return.</param>
    public async Task RecoverAsync(string step)
    {
        await using var manager = await place.StartManagerAsync();
        var queue = await place.OpenQueueAsync(manager);
        Console.WriteLine($"added {await queue.PutOnceAsync(Item, Key)}");
        try
        {
            do
            {
                await using var item = await queue.ReceiveAsync(LongestReturn);
                await item.AcknowledgeAsync();
                Console.WriteLine($"item {item.Value} {item.DeliveryCount}");
            }
            while (step.EndsWith("-many", StringComparison.Ordinal) || await queue.CountAsync() > 0);
        }
        catch (QueueEmptyException)
        {
            Console.WriteLine("none");
        }
    }
}
