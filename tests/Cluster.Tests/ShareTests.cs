using System.Runtime.CompilerServices;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>Values that a pool of a cluster shares with its jobs.</summary>
public sealed class ShareTests
{
    private const int Elements = 1 << 20;

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Value_OfManyJobs_GoesOnceToANodeAndIsRemovedWithIt()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        await cluster.StartNodeAsync(2);
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        await pool.ExecutorsAsync(2);
        var numbers = Enumerable.Range(0, Elements).ToArray();
        var shared = await pool.ShareAsync(numbers);
        await using var other = await ProcessPool.StartAsync(connect: cluster.Address);

        var sums = await cluster.DoneAsync(pool.MapAsync(start => Sum(shared, start), Enumerable.Range(0, 40), chunkSize: 1));

        Assert.Equal(Enumerable.Range(0, 40).Select(start => SumOf(numbers.AsSpan(start))), sums);
        Assert.Equal(2, cluster.StoredPayloads().Count);
        Assert.Throws<InvalidOperationException>(() => other.ApplyAsync(Sum, shared, 0));
        Assert.Same(numbers, (await cluster.DoneAsync(pool.ApplyAsync(() => shared))).Value);
        await shared.DisposeAsync();
        await Guard.UntilAsync(() => cluster.StoredPayloads().Count == 0);
        await Assert.ThrowsAsync<PayloadStoreException>(() => cluster.DoneAsync(pool.ApplyAsync(Sum, shared, 0)));
        await using var second = await pool.ShareAsync(new int[10]);
        Assert.Equal(0, await cluster.DoneAsync(pool.ApplyAsync(Sum, second, 0)));
        var undisposed = await ShareUndisposedAsync(pool);
        await pool.CompleteAsync();
        await Guard.UntilAsync(() => IsCollected(undisposed));
        await Guard.UntilAsync(() => cluster.StoredPayloads().Count == 0);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Value_CoordinatorIsLost_IsSharedByTheNextOne()
    {
        await using var cluster = new TestCluster();
        var coordinators = await cluster.StartCoordinatorsAsync(2);
        await cluster.StartNodeAsync(2);
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        await using var shared = await pool.ShareAsync(Enumerable.Range(0, Elements).ToArray());
        var expected = await cluster.DoneAsync(pool.ApplyAsync(Sum, shared, 0));

        coordinators[0].Kill();
        var jobs = Enumerable.Range(0, 20).Select(_ => pool.ApplyAsync(Sum, shared, 0)).ToList();

        foreach (var job in jobs)
            Assert.Equal(expected, await cluster.DoneAsync(job));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> ShareUndisposedAsync(ProcessPool pool)
    {
        var numbers = new int[10];
        await pool.ShareAsync(numbers);
        return new WeakReference(numbers);
    }

    private static bool IsCollected(WeakReference value)
    {
        GC.Collect();
        return !value.IsAlive;
    }

    private static long Sum(Shared<int[]> shared, int start) => SumOf(shared.AsSpan()[start..]);

    private static long SumOf(ReadOnlySpan<int> numbers)
    {
        long sum = 0;
        foreach (var number in numbers)
            sum += number;
        return sum;
    }
}
