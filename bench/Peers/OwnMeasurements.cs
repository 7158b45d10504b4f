using System.Diagnostics;
using Actors;

namespace Peers;

/// <summary>The measurements of this library. Those of peers.py have the same ids.</summary>
internal static class OwnMeasurements
{
    private const int Processes = 2;

    public static IReadOnlyList<Measurement> All { get; } =
    [
        new("start_to_first_result", "Start of 2 workers to first result", "ms", false, StartToFirstResultAsync, InFreshProcess: true),
        new(
            "first_start_to_first_result",
            "The same for the first pool of a program",
            "ms",
            false,
            FirstStartToFirstResultAsync,
            InFreshProcess: true),
        new("apply_round_trip", "Apply, sequential calls", "µs", false, ApplyRoundTripAsync),
        new("apply_async", "ApplyAsync, many concurrent calls", "jobs/s", true, ApplyAsyncRateAsync),
        new("map_chunk_1", "MapAsync, chunk 1", "items/s", true, () => MapRateAsync(200_000, 1)),
        new("map_auto", "MapAsync, automatic chunks", "items/s", true, () => MapRateAsync(4_000_000, null)),
        new("imap_unordered", "IMapUnordered", "items/s", true, IMapRateAsync),
        new("payload_64mib", "An argument of 64 MiB", "MiB/s", true, PayloadAsync),
        new("queue_put_get", "Managed queue, put and get", "calls/s", true, QueueAsync),
        new("queue_2p_1c", "Managed queue, 2 producers, 1 consumer", "items/s", true, QueueProcessesAsync),
        new("lock_pair", "Managed lock, acquire and release", "pairs/s", true, LockAsync),
        new("worker_memory", "Resident memory of a worker", "MiB", false, MemoryAsync),
    ];

    private static int Same(int x) => x;

    private static int Length(byte[] data) => data.Length;

    private static double Resident(int ignored) => Environment.WorkingSet / (double)(1 << 20);

    private static void Produce(ManagedQueue<int> queue, int count)
    {
        for (var i = 0; i < count; i++)
            queue.Put(i);
    }

    private static void Consume(ManagedQueue<int> queue, int count)
    {
        for (var i = 0; i < count; i++)
            queue.Get();
    }

    /// <summary>Measures the second pool of a program, so that neither value includes the start of the program and its libraries.</summary>
    private static async Task<double> StartToFirstResultAsync()
    {
        await FirstStartToFirstResultAsync();
        return await FirstStartToFirstResultAsync();
    }

    /// <summary>Measures from the first call of this library in a program, including the start of its actors and JIT compilation.</summary>
    private static async Task<double> FirstStartToFirstResultAsync()
    {
        var clock = Stopwatch.StartNew();
        await using var pool = await ProcessPool.StartAsync(Processes);
        await pool.ApplyAsync(Same, 1);
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task<double> ApplyRoundTripAsync()
    {
        await using var pool = await WarmPoolAsync();
        const int Count = 10_000;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Count; i++)
            pool.Apply(Same, i);
        return clock.Elapsed.TotalMicroseconds / Count;
    }

    private static async Task<double> ApplyAsyncRateAsync()
    {
        await using var pool = await WarmPoolAsync();
        const int Count = 300_000;
        var clock = Stopwatch.StartNew();
        var handles = new JobHandle<int>[Count];
        for (var i = 0; i < Count; i++)
            handles[i] = pool.ApplyAsync(Same, i);
        foreach (var handle in handles)
            await handle;
        return Count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> MapRateAsync(int count, int? chunkSize)
    {
        await using var pool = await WarmPoolAsync();
        var items = Enumerable.Range(0, count).ToArray();
        var clock = Stopwatch.StartNew();
        await pool.MapAsync(Same, items, chunkSize);
        return count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> IMapRateAsync()
    {
        await using var pool = await WarmPoolAsync();
        const int Count = 200_000;
        var clock = Stopwatch.StartNew();
        await foreach (var _ in pool.IMapUnordered(Same, Enumerable.Range(0, Count)))
        {
        }

        return Count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> PayloadAsync()
    {
        await using var pool = await WarmPoolAsync();
        var data = new byte[64 << 20];
        var clock = Stopwatch.StartNew();
        await pool.ApplyAsync(Length, data);
        return 64 / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> QueueAsync()
    {
        await using var manager = await Manager.StartAsync();
        var queue = await manager.CreateQueueAsync<int>();
        const int Count = 30_000;
        Produce(queue, Count);
        Consume(queue, Count);
        var clock = Stopwatch.StartNew();
        Produce(queue, Count);
        Consume(queue, Count);
        return 2 * Count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> QueueProcessesAsync()
    {
        await using var manager = await Manager.StartAsync();
        await using var pool = await ProcessPool.StartAsync(3);
        await pool.MapAsync(Same, Enumerable.Range(0, 1000), 1);
        var queue = await manager.CreateQueueAsync<int>();
        const int Count = 20_000;
        await WorkAsync();
        var clock = Stopwatch.StartNew();
        await WorkAsync();
        return 2 * Count / clock.Elapsed.TotalSeconds;

        Task WorkAsync() => Task.WhenAll(
            pool.ApplyAsync(Produce, queue, Count).Completion,
            pool.ApplyAsync(Produce, queue, Count).Completion,
            pool.ApplyAsync(Consume, queue, 2 * Count).Completion);
    }

    private static async Task<double> LockAsync()
    {
        await using var manager = await Manager.StartAsync();
        var mutex = await manager.CreateLockAsync();
        const int Count = 20_000;
        Pairs(mutex, Count);
        var clock = Stopwatch.StartNew();
        Pairs(mutex, Count);
        return Count / clock.Elapsed.TotalSeconds;
    }

    private static void Pairs(ManagedLock mutex, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using (mutex.Acquire())
            {
            }
        }
    }

    private static async Task<double> MemoryAsync()
    {
        await using var pool = await WarmPoolAsync();
        return (await pool.MapAsync(Resident, Enumerable.Range(0, 20), 1)).Max();
    }

    private static async Task<ProcessPool> WarmPoolAsync()
    {
        var pool = await ProcessPool.StartAsync(Processes);
        // Enough items for the start of both workers and the full optimization of their code.
        await pool.MapAsync(Same, Enumerable.Range(0, 50_000), 1);
        return pool;
    }
}
