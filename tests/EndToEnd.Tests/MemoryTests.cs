using System.Runtime.InteropServices;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class MemoryTests
{
    private static readonly PoolOptions Limited = new() { MaxMemoryPerWorker = 128 << 20 };
    private static readonly List<byte[]> Kept = [];

    /// <summary>The serializer of messages registers all types that it knows, which takes milliseconds of each start.</summary>
    [Fact]
    public async Task Start_OneJob_DoesNotInitializeTheSerializerOfMessages()
    {
        await using var own = await TestPool.StartAsync(1);

        var loaded = await own.Pool.ApplyAsync(
            () => string.Join(' ', AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name))).Soon();

        Assert.Contains("Actors.Executor", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("System.Runtime.Numerics", loaded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaxMemoryPerWorker_ManagedMemory_EndsTheJobAndReplacesTheWorker()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1, Limited);
        var first = await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon();

        await own.Pool.ApplyAsync(AllocateManaged, file.Path).Fails<MemoryLimitExceededException>();

        Assert.NotEqual(first, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
        Assert.False(ProcessIds.IsRunning(first));
        Assert.Equal(1, file.Lines);
    }

    [Fact]
    public async Task MaxMemoryPerWorker_NativeMemory_EndsTheJobAndReplacesTheWorker()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1, Limited);
        var first = await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon();

        var exception = await own.Pool.ApplyAsync(AllocateNative, file.Path).Fails<MemoryLimitExceededException>();

        Assert.Contains("more memory", exception.Message, StringComparison.Ordinal);
        Assert.NotEqual(first, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
        Assert.Equal(1, file.Lines);
    }

    /// <summary>The exception is unhandled there and ends the process. The pool must not retry the job.</summary>
    [Fact]
    public async Task MaxMemoryPerWorker_AllocationOnASeparateThread_EndsTheJob()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1, Limited);

        await own.Pool.ApplyAsync(AllocateOnAThread, file.Path).Fails<MemoryLimitExceededException>();

        Assert.Equal(1, file.Lines);
    }

    [Fact]
    public async Task MaxMemoryPerWorker_OneBigArray_EndsTheJob()
    {
        await using var own = await TestPool.StartAsync(1, Limited);

        await own.Pool.ApplyAsync(() => new byte[1 << 30].Length).Fails<MemoryLimitExceededException>();
    }

    [Fact]
    public async Task MaxMemoryPerWorker_ItemOfAMap_EndsTheMap()
    {
        await using var own = await TestPool.StartAsync(1, Limited);

        await own.Pool.MapAsync(x => new byte[x].Length, [1, 1 << 30]).Fails<MemoryLimitExceededException>();
    }

    [Fact]
    public async Task MaxMemoryPerWorker_MuchGarbage_DoesNotEndTheWorker()
    {
        await using var own = await TestPool.StartAsync(1, Limited);
        var first = await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon();

        Assert.Equal(first, await own.Pool.ApplyAsync(MakeGarbage).Soon());
    }

    [Fact]
    public async Task ApplyAsync_OutOfMemoryWithoutALimit_ThrowsTheFunctionsException()
    {
        await using var own = await TestPool.StartAsync(1);

        await own.Pool.ApplyAsync(ThrowOutOfMemory).Fails<OutOfMemoryException>();
    }

    private static int AllocateManaged(string path)
    {
        TempFile.Count(path);
        while (true)
        {
            var block = new byte[1 << 20];
            Array.Fill(block, (byte)1);
            Kept.Add(block);
        }
    }

    private static int AllocateOnAThread(string path)
    {
        TempFile.Count(path);
        var thread = new Thread(() => Kept.Add(new byte[1 << 30]));
        thread.Start();
        thread.Join();
        return 0;
    }

    private static unsafe int AllocateNative(string path)
    {
        TempFile.Count(path);
        for (var total = 0L; total < 1L << 30; total += 1 << 20)
        {
            NativeMemory.Fill(NativeMemory.Alloc(1 << 20), 1 << 20, 1);
            Thread.Sleep(1); // Slower than the sampling of the memory.
        }

        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static int MakeGarbage()
    {
        var length = 0;
        for (var i = 0; i < 2000; i++)
            length += new byte[1 << 20].Length;
        return length > 0 ? Environment.ProcessId : 0;
    }

#pragma warning disable CA2201 // The test needs exactly this exception.
    private static int ThrowOutOfMemory() => throw new OutOfMemoryException();
#pragma warning restore CA2201
}
