using System.Diagnostics;
using System.Globalization;

namespace Actors.Multiprocessing.Tests.Linearizability;

/// <summary>
/// Random calls of one client on one object. The client runs in a separate process and records the begin and end of each call.
/// </summary>
internal static class Clients
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(2);

    public static void UseQueue(ManagedQueue<int> queue, ClientRun run) => run.Repeat((random, record, i) =>
    {
        switch (random.Next(6))
        {
            case 0: record("put", run.Unique(i), () => queue.TryPut(run.Unique(i)) ? "done" : "full"); break;
            case 1: record("put", run.Unique(i), () => queue.TryPut(run.Unique(i), Short) ? "done" : "full"); break;
            case 2: record("get", "", () => queue.TryGet(out var item) ? item : "empty"); break;
            case 3: record("get", "", () => queue.TryGet(out var item, Short) ? item : "empty"); break;
            case 4: record("get", "", () => queue.GetMany(1, Short) is [var item] ? item : "empty"); break;
            default: record("count", "", () => queue.Count); break;
        }
    });

    public static void UsePriorityQueue(ManagedPriorityQueue<int, int> queue, ClientRun run) => run.Repeat((random, record, i) =>
    {
        switch (random.Next(5))
        {
            // Descending numbers, so that the order of Put differs from the order of Get.
            case 0 or 1: record("put", 1_000_000 - run.Unique(i), () => Put(queue, 1_000_000 - run.Unique(i))); break;
            case 2 or 3: record("get", "", () => queue.TryGet(out var item, out _, Short) ? item : "empty"); break;
            default: record("count", "", () => queue.Count); break;
        }
    });

    public static void UseValue(ManagedValue<int> value, ClientRun run) => run.Repeat((random, record, i) =>
    {
        switch (random.Next(4))
        {
            case 0: record("set", run.Unique(i), () => Set(value, run.Unique(i))); break;
            case 1:
                var seen = int.Parse(record("get", "", () => value.Value), CultureInfo.InvariantCulture);
                record("replace", $"{seen} {run.Unique(i)}", () => value.CompareExchange(run.Unique(i), seen));
                break;
            default: record("get", "", () => value.Value); break;
        }
    });

    public static void UseDictionary(ManagedDictionary<string, int> dictionary, ClientRun run) => run.Repeat((random, record, i) =>
    {
        var key = "abc".Substring(random.Next(3), 1);
        var number = run.Unique(i);
        switch (random.Next(6))
        {
            case 0: record("set", $"{key} {number}", () => Set(dictionary, key, number)); break;
            case 1: record("add", $"{key} {number}", () => dictionary.TryAdd(key, number)); break;
            case 2: record("take", key, () => dictionary.TryRemove(key, out var value) ? value : "none"); break;
            case 3: record("count", "", () => dictionary.Count); break;
            case 4 when record("get", key, () => dictionary.TryGetValue(key, out var value) ? value : "none") is not "none" and var seen:
                record("replace", $"{key} {seen} {number}", () => dictionary.TryUpdate(
                    key, number, int.Parse(seen, CultureInfo.InvariantCulture)));
                break;
            default: record("get", key, () => dictionary.TryGetValue(key, out var value) ? value : "none"); break;
        }
    });

    public static void UseList(ManagedList<int> list, ClientRun run) => run.Repeat((random, record, i) =>
    {
        switch (random.Next(7))
        {
            case 0: record("add", run.Unique(i), () => Add(list, run.Unique(i))); break;
            case 1: record("insert", run.Unique(i), () => Insert(list, run.Unique(i))); break;
            case 2 or 3 when record("first", "", () => First(list)) is not "none" and var seen:
                record("remove", seen, () => list.Remove(int.Parse(seen, CultureInfo.InvariantCulture)));
                break;
            case 4: record("all", "", () => string.Join(',', list.ToArray())); break;
            default: record("count", "", () => list.Count); break;
        }
    });

    public static void UseLock(ManagedLock shared, ClientRun run) => run.Repeat((random, record, i) =>
    {
        LockHold? hold = null;
        var taken = record("acquire", "", () => (hold = shared.TryAcquire(random.Next(2) * Short))?.FencingToken ?? (object)"taken");
        if (taken != "taken")
            record("release", "", () => Dispose(hold!));
    });

    public static void UseSemaphore(ManagedSemaphore semaphore, ClientRun run) => run.Repeat((random, record, i) =>
    {
        SemaphoreHold? hold = null;
        var taken = record("acquire", "", () => (hold = semaphore.TryAcquire(random.Next(2) * Short)) is null ? "none" : "held");
        if (taken != "none")
            record("release", "", () => Dispose(hold!));
    });

    private static string Put(ManagedPriorityQueue<int, int> queue, int item)
    {
        queue.Put(item, item);
        return "done";
    }

    private static string Set(ManagedValue<int> value, int number)
    {
        value.Value = number;
        return "done";
    }

    private static string Set(ManagedDictionary<string, int> dictionary, string key, int number)
    {
        dictionary[key] = number;
        return "done";
    }

    private static string Add(ManagedList<int> list, int item)
    {
        list.Add(item);
        return "done";
    }

    private static string Insert(ManagedList<int> list, int item)
    {
        list.Insert(0, item);
        return "done";
    }

    private static object First(ManagedList<int> list)
    {
        try
        {
            return list[0];
        }
        catch (ArgumentOutOfRangeException)
        {
            return "none";
        }
    }

    private static string Dispose(IDisposable hold)
    {
        hold.Dispose();
        return "done";
    }
}

/// <summary>The settings of one client of a history.</summary>
/// <param name="Client">The number of the client.</param>
/// <param name="Seed">The seed of its random choices.</param>
/// <param name="Count">The number of steps, each of one or two calls.</param>
/// <param name="IsKilled">Whether its process is killed during further steps.</param>
/// <param name="Path">The file to which it records its calls.</param>
internal sealed record ClientRun(int Client, int Seed, int Count, bool IsKilled, string Path)
{
    public delegate string Record(string name, object argument, Func<object> call);

    /// <summary>Returns a number that no other client uses.</summary>
    public int Unique(int i) => i * 16 + Client;

    public void Repeat(Action<Random, Record, int> step)
    {
        var random = new Random(Seed + Client);
        using var recorder = new History.Recorder(Path);
        for (var i = 1; i <= Count; i++)
            step(random, recorder.Record, i);
        if (!IsKilled)
            return;
        new Thread(Process.GetCurrentProcess().Kill).Start();
        for (var i = Count + 1; ; i++)
            step(random, recorder.Record, i);
    }
}
