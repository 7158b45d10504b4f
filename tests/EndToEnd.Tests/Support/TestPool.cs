namespace Actors.EndToEnd.Tests.Support;

/// <summary>A pool that remembers its executors, and at its end makes sure that none is left.</summary>
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

    /// <summary>Every process that was seen, by its end at the latest.</summary>
    public IReadOnlySet<int> ProcessIds
    {
        get
        {
            lock (_lock)
                return _events.Select(executor => executor.ProcessId).ToHashSet();
        }
    }

    public static async Task<TestPool> StartAsync(int processes, PoolOptions? options = null)
    {
        var started = DateTime.UtcNow;
        var pool = await ProcessPool.StartAsync(processes, options: options).Soon();
        var watched = new TestPool(pool, started);
        pool.WorkerChanged += watched.Note;
        return watched;
    }

    /// <summary>Waits until so many executors run.</summary>
    public async Task<TestPool> WarmAsync()
    {
        for (var i = 1; i <= Pool.Processes; i++)
        {
            var count = i;
            await WhenAsync(_ => _events.Where(executor => !executor.HasExited).DistinctBy(executor => executor.ProcessId).Count() >= count);
        }

        return this;
    }

    /// <summary>The end of the executor with this process id.</summary>
    public Task<WorkerInfo> ExitOf(int processId) => WhenAsync(executor => executor.HasExited && executor.ProcessId == processId);

    /// <summary>The first change, past ones among them, that is wanted.</summary>
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
        var running = Pool.Workers.Select(executor => executor.ProcessId).Concat(ProcessIds).ToArray();
        await Pool.DisposeAsync().Soon();
        Assert.DoesNotContain(running, Support.ProcessIds.IsRunning);
        Assert.Empty(Pool.Workers);
        Assert.DoesNotContain(running, id => Support.ProcessIds.HasLeftFiles(id, _started));
    }

    private void Note(WorkerInfo executor)
    {
        lock (_lock)
        {
            _events.Add(executor);
            foreach (var waiter in _waiters.Where(waiter => waiter.Wanted(executor)).ToList())
            {
                _waiters.Remove(waiter);
                waiter.Seen.TrySetResult(executor);
            }
        }
    }
}
