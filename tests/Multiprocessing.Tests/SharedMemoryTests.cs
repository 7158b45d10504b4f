using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestSharedMemory</c> and <c>_TestArray</c>.</summary>
[Collection(RunsAlone.Name)]
public sealed class SharedMemoryTests(ContainerTests.Setup setup) : IClassFixture<ContainerTests.Setup>
{
    private static readonly int[] Elements = [680, 626, 934];

    private readonly Manager _manager = setup.Manager;
    private readonly ProcessPool _pool = setup.Pool.Pool;

    /// <summary><c>test_shared_memory_basics</c>, <c>test_invalid_shared_memory_creation</c>, <c>..._name_with_embedded_null</c></summary>
    [Fact]
    public void Block_CreatedOpenedAndRemoved_BehavesLikeAFile()
    {
        var name = $"test-{Guid.NewGuid():N}";
        using var block = SharedMemory.Create(512, name);
        block.Span[0] = 42;
        using (var second = SharedMemory.Open(name))
        {
            Assert.Equal((42, 512L, name), (second.Span[0], second.Size, second.Name));
            second.AsSpan<int>()[1] = 7;
        }

        Assert.Equal(7, block.AsSpan<int>()[1]);
        Assert.Throws<IOException>(() => SharedMemory.Create(1, name));
        block.Unlink();
        block.Unlink();
        Assert.Throws<FileNotFoundException>(() => SharedMemory.Open(name));
        Assert.Equal(42, block.Span[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedMemory.Create(0));
        Assert.Throws<ArgumentException>(() => SharedMemory.Open("a\0b"));
        Assert.Throws<ArgumentException>(() => SharedMemory.Open("../b"));
        block.Dispose();
        block.Dispose();
        Assert.Throws<ObjectDisposedException>(() => block.Span.Length);
    }

    /// <summary><c>test_shared_memory_across_processes</c>, <c>test_shared_memory_pickle_unpickle</c></summary>
    [Fact]
    public async Task Block_PassedToAWorker_IsTheSameMemory()
    {
        using var block = SharedMemory.Create(64);

        await _pool.ApplyAsync(Fill, block).Soon();

        Assert.Equal(Enumerable.Range(0, 64).Select(i => (byte)i), block.Span.ToArray());
        block.Unlink();
        await Assert.ThrowsAnyAsync<Exception>(() => _pool.ApplyAsync(Fill, block).Soon());
    }

    /// <summary><c>test_shared_memory_recreate</c></summary>
    [Fact]
    public void Block_NameWasRemoved_IsCreatedAgain()
    {
        var name = $"test-{Guid.NewGuid():N}";
        using (var first = SharedMemory.Create(8, name))
        {
            first.Span[0] = 1;
            first.Unlink();
        }

        using var second = SharedMemory.Create(16, name);
        Assert.Equal((0, 16L), (second.Span[0], second.Size));
        second.Unlink();
    }

    /// <summary><c>test_shared_memory_pickle_unpickle_dead_object</c></summary>
    [Fact]
    public async Task Block_RemovedBeforeArrival_FailsOnlyThatJob()
    {
        using var block = SharedMemory.Create(64);
        block.Unlink();

        var exception = await Assert.ThrowsAsync<FileNotFoundException>(() => _pool.ApplyAsync(Fill, block).Soon());

        Assert.Contains(block.Name, exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, block.Span[0]);
        Assert.Equal(3, await _pool.ApplyAsync(n => n + 1, 2).Soon());
    }

    /// <summary><c>SharedMemoryManager</c>: the end of a manager removes its blocks.</summary>
    [Fact]
    public async Task Array_ManagerIsDisposed_IsUnlinked()
    {
        string name;
        await using (var manager = await Manager.StartAsync().Soon())
        {
            var before = Blocks();
            var array = await manager.CreateArrayAsync<int>(Elements);
            name = Assert.Single(
                Blocks().Except(before, StringComparer.Ordinal),
                block => File.ReadAllBytes(block).AsSpan().IndexOf(BitConverter.GetBytes(Elements[2])) >= 0);
            Assert.Equal(934, array.Span[2]);
        }

        Assert.False(File.Exists(name));
    }

    /// <summary>
    /// Python's tracker removes a block that another process still uses (cpython#82300); here the death of a user removes no block.
    /// </summary>
    [Fact]
    public async Task Block_OneUserIsKilled_StaysForTheOthers()
    {
        using var checkpoint = new Checkpoint();
        using var block = SharedMemory.Create(64);
        await using var process = await WorkerProcess.StartAsync(FillAndPass, block, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        process.Kill();
        await process.JoinAsync().Soon();

        Assert.Equal(63, block.Span[63]);
        using (SharedMemory.Open(block.Name))
            block.Unlink();
    }

    /// <summary><c>test_array</c>, <c>test_array_from_size</c>, <c>test_getobj_getlock_obj</c></summary>
    [Fact]
    public async Task Array_ChangedByManyProcesses_LosesNoChange()
    {
        var array = await _manager.CreateArrayAsync<int>(Elements);
        Assert.Equal((3, 626), (array.Length, array[1]));
        array[1] = 0;

        var jobs = Enumerable.Range(0, 4).Select(_ => _pool.ApplyAsync(Count, array)).ToArray();
        foreach (var job in jobs)
            await job.Soon();

        Assert.Equal(400, array.Span[1]);
        Assert.Equal([680, 400, 934], array.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => array[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Write(2, [1, 2]));
        Assert.False(array.Lock.IsLocked);
    }

    /// <summary>The bits of a local time are another instant in a process with another time zone.</summary>
    [Fact]
    public async Task Array_OfDateTime_IsRefusedWithTheRemedy()
    {
        await using var manager = await Manager.StartAsync();
        Assert.Contains(
            "DateTimeOffset", (await Assert.ThrowsAsync<NotCarriedException>(() => manager.CreateArrayAsync<DateTime>(1))).Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotCarriedException>(() => manager.CreateArrayAsync<(int, Moment)>(1));
        var array = await manager.CreateArrayAsync<DateTimeOffset>(new[] { DateTimeOffset.UnixEpoch });
        Assert.Equal(DateTimeOffset.UnixEpoch, array[0]);
    }

    [Fact]
    public async Task Array_ServedManager_IsAccessedThroughIt()
    {
        await using var served = await ServedManager.StartAsync().Soon();
        var array = await served.Objects.CreateArrayAsync<double>(1_500_000);
        var values = Enumerable.Range(0, array.Length).Select(i => (double)i).ToArray();

        array.Write(0, values);
        array.Update(1, value => value + 0.5);

        Assert.Equal(1.5, array[1]);
        Assert.Equal(values[2..], array.ToArray()[2..]);
        Assert.Throws<InvalidOperationException>(() => array.Span.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[-1]);
    }

    private static string[] Blocks() => Directory.GetFiles(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "actors-shm-*");

    private static void Fill(SharedMemory block)
    {
        using (block)
        {
            for (var i = 0; i < block.Size; i++)
                block.Span[i] = (byte)i;
        }
    }

    private static void FillAndPass(SharedMemory block, int port)
    {
        for (var i = 0; i < block.Size; i++)
            block.Span[i] = (byte)i;
        Checkpoint.ReportAndWait(port);
    }

    private static void Count(ManagedArray<int> array)
    {
        for (var i = 0; i < 100; i++)
            array.Update(1, n => n + 1);
    }

    private readonly record struct Moment(DateTime At, int Number);
}
