using System.Runtime.CompilerServices;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Values that a pool of this machine shares with its jobs.</summary>
public sealed class ShareTests
{
    private static readonly List<WeakReference> Seen = [];

    [Fact]
    public async Task Value_OfManyJobs_IsDecodedOncePerWorker()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        await using var table = await pool.ShareAsync(Enumerable.Range(0, 1000).ToDictionary(key => $"k{key}", key => key * 3));

        var found = await pool.MapAsync(
            key => (Environment.ProcessId, RuntimeHelpers.GetHashCode(table.Value), table.Value[$"k{key}"]),
            Enumerable.Range(0, 1000), chunkSize: 5).Soon();

        Assert.Equal(Enumerable.Range(0, 1000).Select(key => key * 3), found.Select(item => item.Item3));
        Assert.All(found.GroupBy(item => item.ProcessId), worker => Assert.Single(worker.Select(item => item.Item2).Distinct()));
    }

    [Fact]
    public async Task AsSpan_OfAnArray_IsItsAlignedContent()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var numbers = Enumerable.Range(0, 100_000).Select(number => number / 7.0).ToArray();
        await using var shared = await pool.ShareAsync(numbers);

        var (sum, isAligned, isEqual) = await pool.ApplyAsync(Inspect, shared, numbers).Soon();

        Assert.Equal((numbers.Sum(), true, true), (sum, isAligned, isEqual));
        Assert.Equal(numbers, shared.AsSpan());
        Assert.Same(numbers, shared.Value);
    }

    [Fact]
    public async Task AsSpan_OfOtherElements_IsTheDecodedArray()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        await using var days = await pool.ShareAsync(new[] { new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc) });
        await using var none = await pool.ShareAsync(Array.Empty<int>());

        Assert.Equal(DateTimeKind.Utc, await pool.ApplyAsync(() => days.AsSpan()[0].Kind).Soon());
        Assert.Equal(0, await pool.ApplyAsync(() => none.AsSpan().Length + none.Value.Length).Soon());
    }

    [Fact]
    public async Task Dispose_InTheSharingProcess_FreesTheValueEverywhere()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var shared = await pool.ShareAsync(new int[1000]);
        Assert.Equal(1000, await pool.ApplyAsync(Remember, shared).Soon());
        var waiting = await pool.ApplyAsync(() => shared).Soon();

        shared.Dispose();
        await shared.DisposeAsync();

        Assert.Equal(0, await pool.ApplyAsync(CountRemembered).Soon());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.ApplyAsync(Remember, shared).Soon());
        Assert.Throws<ObjectDisposedException>(() => waiting.Value);
    }

    [Fact]
    public async Task Pool_Ends_FreesItsValues()
    {
        Shared<int[]> shared;
        Shared<int[]> returned;
        await using (var pool = await ProcessPool.StartAsync(1))
        {
            shared = await pool.ShareAsync(new int[1000]);
            returned = await pool.ApplyAsync(one => one, shared).Soon();
            Assert.Equal(1000, returned.AsSpan().Length);
        }

        await using var other = await ProcessPool.StartAsync(1);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => other.ApplyAsync(() => shared.Value.Length).Soon());
    }

    [Fact]
    public async Task Value_InANestedPoolOfAWorker_IsRead()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        await using var shared = await pool.ShareAsync("shared text");

        Assert.Equal(11, await pool.ApplyAsync(ReadInNestedPoolAsync, shared).Soon());
    }

    [Fact]
    public async Task ShareAsync_WrongValue_IsRefused()
    {
        await using var manager = await Manager.StartAsync();
        var queue = await manager.CreateQueueAsync<int>();
        await using var pool = await ProcessPool.StartAsync(1);

        await Assert.ThrowsAsync<ArgumentNullException>(() => pool.ShareAsync<string>(null!));
        Assert.Contains(
            "managed object", (await Assert.ThrowsAsync<NotCarriedException>(() => pool.ShareAsync(queue))).Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotCarriedException>(() => pool.ShareAsync(new MemoryStream()));
        await pool.CompleteAsync().Soon();
        await Assert.ThrowsAsync<InvalidOperationException>(() => pool.ShareAsync("late"));
    }

    [Fact]
    public async Task ShareAsync_OfADurablePool_IsRefused()
    {
        using var folder = new TempFolder();
        var options = new PoolOptions { DurableName = "shares", Store = new SqliteStore(Path.Combine(folder.Path, "jobs.db")) };
        await using var durable = await ProcessPool.StartAsync(1, options: options);
        await using var pool = await ProcessPool.StartAsync(1);
        await using var shared = await pool.ShareAsync("text");

        await Assert.ThrowsAsync<InvalidOperationException>(() => durable.ShareAsync("text"));
        Assert.Throws<InvalidOperationException>(() => durable.ApplyAsync(() => shared.Value));
    }

    private static (double Sum, bool IsAligned, bool IsEqual) Inspect(Shared<double[]> shared, double[] expected)
    {
        var span = shared.AsSpan();
        var sum = 0.0;
        foreach (var number in span)
            sum += number;
        ref var first = ref Unsafe.AsRef(in span[0]);
        unsafe
        {
            return (sum, (nint)Unsafe.AsPointer(ref first) % 16 == 0, shared.Value.AsSpan().SequenceEqual(expected));
        }
    }

    private static int Remember(Shared<int[]> shared)
    {
        Seen.Add(new WeakReference(shared.Value));
        return shared.Value.Length;
    }

    private static int CountRemembered()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Seen.Count(reference => reference.IsAlive);
    }

    private static async Task<int> ReadInNestedPoolAsync(Shared<string> shared)
    {
        await using var pool = await ProcessPool.StartAsync(1);
        return await pool.ApplyAsync(() => shared.Value.Length);
    }
}
