using System.Diagnostics;
using Actors.Checkers;

namespace Actors.Faults.Tests.Loads;

/// <summary>A run of random calls on shared objects, in a worker or in this process. It records each call.</summary>
internal sealed class ObjectRun(SharedObjects objects, HistoryFile history, Random random)
{
    /// <summary>The most calls of one run on each value, key and list. The search for an order grows with their number.</summary>
    private const int MostSearched = 40;

    private const int Keys = 3;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, int> _searched = [];
    private long _items;

    /// <summary>Runs in a worker.</summary>
    public static void Execute(SharedObjects objects, string directory, int seed, int milliseconds) =>
        ExecuteAsync(objects, directory, seed, milliseconds).GetAwaiter().GetResult();

    /// <summary>Calls random operations for some time, or until the objects are lost.</summary>
    public static async Task ExecuteAsync(SharedObjects objects, string directory, int seed, int milliseconds)
    {
        using var history = new HistoryFile(directory);
        var run = new ObjectRun(objects, history, new Random(seed));
        try
        {
            for (var clock = Stopwatch.StartNew(); clock.ElapsedMilliseconds < milliseconds;)
                await run.CallAsync();
        }
        catch (Exception exception) when (exception is CoordinatorLostException or ManagedObjectGoneException)
        {
            // The objects end with their coordinator.
        }

        history.Record(HistoryStep.Finished, "run");
    }

    /// <summary>Takes the remaining items of a queue.</summary>
    public static async Task DrainAsync(ManagedQueue<LoadItem> queue, string target, string directory)
    {
        using var history = new HistoryFile(directory);
        while (await TryTakeAsync(queue, target, history, TimeSpan.FromSeconds(1)))
        {
        }

        history.Record(HistoryStep.Finished, "run");
    }

    /// <summary>Takes an item and records it.</summary>
    public static async Task<bool> TryTakeAsync(ManagedQueue<LoadItem> queue, string target, HistoryFile history, TimeSpan wait)
    {
        var get = history.NextNumber();
        history.Record(HistoryStep.Get, target, get);
        var (isTaken, item) = await queue.TryGetAsync(wait);
        if (isTaken)
            history.Record(HistoryStep.Got, target, get, item!.Producer, item.Number);
        else
            history.Record(HistoryStep.GotNone, target, get);
        return isTaken;
    }

    /// <summary>Puts an item and records it.</summary>
    public static async Task PutAsync(ManagedQueue<LoadItem> queue, string target, HistoryFile history, long number)
    {
        history.Record(HistoryStep.Put, target, number);
        await queue.PutAsync(new LoadItem(history.Run, number));
        history.Record(HistoryStep.PutDone, target, number);
    }

    private Task CallAsync() => random.Next(10) switch
    {
        0 or 1 => PutAsync(objects.Queue, "queue", history, ++_items),
        2 or 3 => TryTakeAsync(objects.Queue, "queue", history, Wait),
        4 => HoldLockAsync(),
        5 => HoldPermitAsync(),
        6 or 7 => CallDictionaryAsync($"key{random.Next(Keys)}"),
        8 => CallValueAsync(),
        _ => CallListAsync(),
    };

    private async Task HoldLockAsync()
    {
        try
        {
            await using var hold = await objects.Lock.TryAcquireAsync(Wait);
            if (hold is null)
                return;
            history.Record(HistoryStep.Acquired, "lock", hold.FencingToken);
            await Task.Delay(random.Next(5));
            history.Record(HistoryStep.Releasing, "lock");
        }
        catch (LockNotHeldException)
        {
            // This process was considered dead. The checker decides whether two held the lock.
        }
    }

    private async Task HoldPermitAsync()
    {
        await using var hold = await objects.Semaphore.TryAcquireAsync(Wait);
        if (hold is null)
            return;
        history.Record(HistoryStep.Acquired, "semaphore", 0);
        await Task.Delay(random.Next(5));
        history.Record(HistoryStep.Releasing, "semaphore");
    }

    private Task CallDictionaryAsync(string key)
    {
        var (argument, expected) = (random.Next(100), random.Next(100));
        return random.Next(5) switch
        {
            0 => SearchAsync(key, (int)ValueAction.Write, argument, null, async () =>
            {
                await objects.Dictionary.SetAsync(key, argument);
                return (true, null);
            }),
            1 => SearchAsync(key, (int)ValueAction.Add, argument, null, async () =>
                (await objects.Dictionary.TryAddAsync(key, argument), null)),
            2 => SearchAsync(key, (int)ValueAction.Replace, argument, expected, async () =>
                (await objects.Dictionary.TryUpdateAsync(key, argument, expected), null)),
            3 => SearchAsync(key, (int)ValueAction.Remove, null, null, async () =>
                await objects.Dictionary.TryRemoveAsync(key) is (true, var removed) ? (true, removed) : (false, null)),
            _ => SearchAsync(key, (int)ValueAction.Read, null, null, async () =>
                (true, await objects.Dictionary.TryGetValueAsync(key) is (true, var found) ? found : null)),
        };
    }

    private Task CallValueAsync()
    {
        var (argument, expected) = (random.Next(4), random.Next(4));
        return random.Next(3) switch
        {
            0 => SearchAsync("value", (int)ValueAction.Write, argument, null, async () =>
            {
                await objects.Value.SetAsync(argument);
                return (true, null);
            }),
            1 => SearchAsync("value", (int)ValueAction.Replace, argument, expected, async () =>
                (await objects.Value.CompareExchangeAsync(argument, expected), null)),
            _ => SearchAsync("value", (int)ValueAction.Read, null, null, async () => (true, await objects.Value.GetAsync())),
        };
    }

    private Task CallListAsync()
    {
        var (index, item) = (random.Next(4), random.Next(100));
        return random.Next(5) switch
        {
            0 or 1 => SearchAsync("list", (int)ListAction.Append, 0, item, async () =>
            {
                await objects.List.AddAsync(item);
                return (true, 0);
            }),
            2 => SearchAsync("list", (int)ListAction.Read, index, 0, () => WithinAsync(() => objects.List.GetAsync(index))),
            3 => SearchAsync("list", (int)ListAction.RemoveAt, index, 0, () => WithinAsync(() => objects.List.PopAsync(index))),
            _ => SearchAsync("list", (int)ListAction.Count, 0, 0, async () => (true, await objects.List.CountAsync())),
        };
    }

    private static async Task<(bool, long?)> WithinAsync(Func<Task<long>> callAsync)
    {
        try
        {
            return (true, await callAsync());
        }
        catch (ArgumentOutOfRangeException)
        {
            return (false, 0);
        }
    }

    /// <summary>Makes and records a call whose order among the others is searched.</summary>
    private async Task SearchAsync(
        string target, int action, long? argument, long? expected, Func<Task<(bool Succeeded, long? Result)>> callAsync)
    {
        if (_searched.GetValueOrDefault(target) == MostSearched)
            return;
        _searched[target] = _searched.GetValueOrDefault(target) + 1;
        var number = history.NextNumber();
        history.Record(HistoryStep.Begin, target, number, action, argument, expected);
        var (succeeded, result) = await callAsync();
        history.Record(HistoryStep.End, target, number, succeeded ? 1 : 0, result);
    }
}
