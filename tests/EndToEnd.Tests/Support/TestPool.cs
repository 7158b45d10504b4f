namespace Actors.EndToEnd.Tests.Support;

/// <summary>A pool that records its workers and verifies at its end that no worker remains.</summary>
internal sealed class TestPool : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<WorkerInfo> _events = [];
    private readonly List<(Func<WorkerInfo, bool> Wanted, TaskCompletionSource<WorkerInfo> Seen)> _waiters = [];
    private readonly DateTime _started;

    private TestPool(ProcessPool pool, DateTime started)
    {
        Pool = pool;
        _started = started;
    }

    public ProcessPool Pool { get; }

    /// <summary>Gets the ids of all workers that were reported so far.</summary>
    public IReadOnlySet<int> ProcessIds
    {
        get
        {
            lock (_lock)
                return _events.Select(worker => worker.ProcessId).ToHashSet();
        }
    }

    public static async Task<TestPool> StartAsync(int processes, PoolOptions? options = null)
    {
        var started = DateTime.UtcNow;
        var pool = await ProcessPool.StartAsync(processes, options: options).Soon();
        var watched = new TestPool(pool, started);
        pool.WorkerChanged += watched.Note;
        // A worker may have started before the handler was added. Recording one twice does no harm.
        foreach (var worker in pool.Workers)
            watched.Note(worker);
        return watched;
    }

    /// <summary>Waits until the requested number of workers runs.</summary>
    public async Task<TestPool> WarmAsync()
    {
        for (var i = 1; i <= Pool.Processes; i++)
        {
            var count = i;
            await WhenAsync(_ => _events.Where(worker => !worker.HasExited).DistinctBy(worker => worker.ProcessId).Count() >= count);
        }

        return this;
    }

    /// <summary>Waits for the end of the worker with this process id.</summary>
    public Task<WorkerInfo> ExitOf(int processId) => WhenAsync(worker => worker.HasExited && worker.ProcessId == processId);

    /// <summary>Waits for the first past or future change that meets the condition.</summary>
    public Task<WorkerInfo> WhenAsync(Func<WorkerInfo, bool> wanted)
    {
        lock (_lock)
        {
            if (_events.FirstOrDefault(wanted) is { } past)
                return Task.FromResult(past);
            var seen = new TaskCompletionSource<WorkerInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((wanted, seen));
            return seen.Task.Soon();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var running = Pool.Workers.Select(worker => worker.ProcessId).Concat(ProcessIds).ToArray();
        await Pool.DisposeAsync().Soon();
        Assert.DoesNotContain(running, Support.ProcessIds.IsRunning);
        Assert.Empty(Pool.Workers);
        Assert.DoesNotContain(running, id => Support.ProcessIds.HasLeftFiles(id, _started));
    }

    private void Note(WorkerInfo worker)
    {
        lock (_lock)
        {
            _events.Add(worker);
            foreach (var waiter in _waiters.Where(waiter => waiter.Wanted(worker)).ToList())
            {
                _waiters.Remove(waiter);
                waiter.Seen.TrySetResult(worker);
            }
        }
    }
}
