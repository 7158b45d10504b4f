using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Job handles are usable as tasks.</summary>
public sealed class JobHandleTasksTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private readonly ProcessPool _pool = warm.Pool;

    [Fact]
    public async Task WhenAll_SequenceOfHandles_ReturnsResultsInOrder() =>
        Assert.Equal<int[]>([0, 1, 4, 9], await Task.WhenAll(Enumerable.Range(0, 4).Select(i => _pool.ApplyAsync(x => x * x, i))).Soon());

    [Fact]
    public async Task WhenAll_SomeHandles_ReturnsTheirResults()
    {
        var (first, second) = (_pool.ApplyAsync(() => 1), _pool.ApplyAsync(() => 2));
        JobHandle<int>[] array = [first, second];

        Assert.Equal<int[]>([1, 2], await Task.WhenAll(first, second).Soon());
        Assert.Equal<int[]>([1, 2], await Task.WhenAll(array).Soon());
        Assert.Equal<int[]>([1, 2], await Task.WhenAll(array.ToList()).Soon());
    }

    [Fact]
    public async Task WhenAll_OneFails_ThrowsItsException()
    {
        var jobs = new[] { _pool.ApplyAsync(() => 1), _pool.ApplyAsync(Throw) };

        await Task.WhenAll(jobs).Fails<FormatException>();
    }

    [Fact]
    public async Task WhenAll_JobsWithoutResults_WaitsForAll()
    {
        JobHandle[] jobs = [_pool.ApplyAsync(() => { }), _pool.ApplyAsync(() => 1)];

        await Task.WhenAll(jobs).Soon();

        Assert.All(jobs, job => Assert.True(job.IsSuccessful));
    }

    [Fact]
    public async Task WhenAnyAndWhenEach_Handles_ReturnEndedHandles()
    {
        using var checkpoint = new Checkpoint();
        var slow = _pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var quick = _pool.ApplyAsync(() => 1);

        Assert.Same(quick.Task, await Task.WhenAny(slow, quick).Soon());
        var results = new List<int>();
        await foreach (var ended in Task.WhenEach(new[] { slow, quick }))
        {
            results.Add(await ended);
            // Not before: WhenEach returns handles that have ended before the call in the order of its arguments.
            if (results.Count == 1)
                held.Release();
        }

        Assert.Equal([1, held.ProcessId], results);
    }

    [Fact]
    public async Task WhenAnyAndWhenEach_HandlesOfAnyKind_ReturnEndedHandles()
    {
        var (action, call) = (_pool.ApplyAsync(() => { }), _pool.ApplyAsync(() => 1));
        await Task.WhenAll(action, call).Soon();

        Assert.True((await Task.WhenAny(action, call).Soon()).IsCompletedSuccessfully);
        Assert.Equal(2, Task.WhenEach(action, call).ToBlockingEnumerable().Count());
        Assert.Equal(2, Task.WhenEach(new List<JobHandle> { action, call }).ToBlockingEnumerable().Count());
        Assert.Equal(1, await Task.WhenEach(call, call).ToBlockingEnumerable().First());
    }

    [Fact]
    public async Task Task_FailedJob_IsNeverUnobserved()
    {
        var unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> count = (_, e) =>
            unobserved += e.Exception.InnerException is FormatException ? 1 : 0;
        TaskScheduler.UnobservedTaskException += count;

        await ForgetAsync();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        TaskScheduler.UnobservedTaskException -= count;
        Assert.Equal(0, unobserved);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private async Task ForgetAsync()
    {
        _ = _pool.ApplyAsync(Throw).Task;
        _ = _pool.ApplyAsync(Throw);
        await _pool.ApplyAsync(() => 1).Soon();
        while (_pool.PendingJobs > 0)
            await Task.Yield();
    }

    private static int Throw() => throw new FormatException();
}
