using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Shared memory is mapped in a worker only while its jobs use it.</summary>
public sealed class AttachedMemoryTests : IAsyncLifetime
{
    private const int Elements = 10_000_000;
    private const string Forgotten = "forgotten-";

    private static ManagedArray<int>? _kept;

    private TestPool _own = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _own = await TestPool.StartAsync(1, new PoolOptions { MaxMemoryPerWorker = 192 << 20 });

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _own.DisposeAsync();

    /// <summary>Eight arrays of 40 MB together exceed the memory limit of the worker.</summary>
    [LongFact]
    public async Task ManagedArrays_UsedInTurn_AreUnmappedAfterUse()
    {
        var mappings = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            await using var manager = await Manager.StartAsync();
            var array = await manager.CreateArrayAsync<int>(Elements);
            array[Elements - 1] = i;
            Assert.Equal(i, await _own.Pool.ApplyAsync(Sum, array).Soon());
            mappings.Add(await _own.Pool.ApplyAsync(Mappings).Soon());
        }

        Assert.All(mappings, count => Assert.InRange(count, 0, 1));
        Assert.Single(_own.ProcessIds);
        Assert.Equal(0, Mappings());
    }

    [LongFact]
    public async Task SharedMemory_UsedInTurnAndNotDisposed_IsUnmappedAfterUse()
    {
        for (var i = 0; i < 8; i++)
        {
            using var block = SharedMemory.Create(Elements * sizeof(int));
            block.AsSpan<int>()[0] = i;
            Assert.Equal(i, await _own.Pool.ApplyAsync(SumOfBlock, block).Soon());
            block.Unlink();
        }

        Assert.InRange(await _own.Pool.ApplyAsync(Mappings).Soon(), 0, 1);
        Assert.Single(_own.ProcessIds);
    }

    [Fact]
    public async Task ManagedArray_WorkerIsIdle_IsUnmapped()
    {
        await using var manager = await Manager.StartAsync();
        var worker = await _own.Pool.ApplyAsync(Use, await manager.CreateArrayAsync<int>(Elements)).Soon();

        Assert.True(await Waiting.Until(() => Mappings(worker) == 0, Waiting.Guard));
    }

    [Fact]
    public async Task ManagedArray_StoredInAStaticField_IsUsableInLaterJobs()
    {
        await using var manager = await Manager.StartAsync();
        var stored = await manager.CreateArrayAsync<int>(Elements);
        stored[5] = 7;
        await _own.Pool.ApplyAsync(Keep, stored).Soon();
        for (var i = 0; i < 3; i++)
            await _own.Pool.ApplyAsync(Sum, await manager.CreateArrayAsync<int>(Elements)).Soon();

        Assert.Equal(7, await _own.Pool.ApplyAsync(() => _kept![5]).Soon());
        Assert.Equal(7, await _own.Pool.ApplyAsync(() => _kept!.Span[5]).Soon());
    }

    [Fact]
    public async Task Span_ArrayIsUnreferenced_StaysMappedInItsJob()
    {
        await using var manager = await Manager.StartAsync();
        var array = await manager.CreateArrayAsync<int>(Elements);
        array.Span.Fill(1);

        Assert.Equal(Elements, await _own.Pool.ApplyAsync(SumAfterCollections, array).Soon());
    }

    [LongFact]
    public async Task SharedMemory_NeverDisposedInTheClient_IsUnmappedByTheFinalizer()
    {
        for (var i = 0; i < 3; i++)
            MakeAndForget();

        Assert.True(await Waiting.Until(() => CollectAndCount() == 0, Waiting.Guard));
    }

    [Fact]
    public void Span_BlockIsUnreferenced_StaysMappedWhileUsed()
    {
        var span = SpanOfForgotten();
        CollectAndCount();
        CollectAndCount();

        Assert.Equal(3, span[^1]);
    }

    [Fact]
    public async Task Dispose_OneOfTwoArrays_FreesOnlyItsMemory()
    {
        await using var manager = await Manager.StartAsync();
        var (freed, other) = (await manager.CreateArrayAsync<int>(Elements), await manager.CreateArrayAsync<int>(Elements));
        Assert.Equal(0, await _own.Pool.ApplyAsync(Sum, freed).Soon());

        freed.Dispose();
        freed.Dispose();

        Assert.Throws<ObjectDisposedException>(() => freed[0]);
        Assert.Throws<ObjectDisposedException>(() => freed.Span.Length);
        Assert.Equal(1, Mappings());
        Assert.Equal(0, await _own.Pool.ApplyAsync(Sum, other).Soon());
        Assert.Equal(0, other[1]);
    }

    [Fact]
    public async Task ManagedArray_ManagerIsDisposed_Throws()
    {
        var manager = await Manager.StartAsync();
        var array = await manager.CreateArrayAsync<int>(10);
        await manager.DisposeAsync();

        Assert.Throws<ManagedObjectGoneException>(() => array[0]);
        Assert.Throws<ManagedObjectGoneException>(() => array.Span.Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeAndForget() => SpanOfForgotten();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<byte> SpanOfForgotten()
    {
        var block = SharedMemory.Create(1 << 20, $"{Forgotten}{Guid.NewGuid():N}");
        block.Unlink();
        var span = block.Span;
        span.Fill(3);
        return span;
    }

    private static int CollectAndCount()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Mappings(Environment.ProcessId, Forgotten);
    }

    private static int Mappings() => Mappings(Environment.ProcessId);

    /// <summary>
    /// Counts the mappings of large arrays whose file names match. Names of arrays begin with a process id. Other tests of this process map
    /// smaller files.
    /// </summary>
    private static int Mappings(int process, string name = @"\d") => File.ReadLines($"/proc/{process}/maps")
        .Count(line => Regex.IsMatch(line, $"actors-shm-{name}") && (name != @"\d" || SizeOf(line) >= Elements * sizeof(int)));

    private static long SizeOf(string mapping)
    {
        var range = mapping[..mapping.IndexOf(' ', StringComparison.Ordinal)].Split('-');
        return Convert.ToInt64(range[1], 16) - Convert.ToInt64(range[0], 16);
    }

    private static long Sum(ManagedArray<int> array)
    {
        var sum = 0L;
        foreach (var element in array.Span)
            sum += element;
        return sum;
    }

    private static long SumOfBlock(SharedMemory block)
    {
        var sum = 0L;
        foreach (var element in block.AsSpan<int>())
            sum += element;
        return sum;
    }

    private static int Use(ManagedArray<int> array) => array.Span[0] + Environment.ProcessId;

    private static void Keep(ManagedArray<int> array) => _kept = array;

    private static long SumAfterCollections(ManagedArray<int> array)
    {
        var span = array.Span;
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        var sum = 0L;
        foreach (var element in span)
            sum += element;
        return sum;
    }
}
