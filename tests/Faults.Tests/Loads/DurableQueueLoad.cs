namespace Actors.Faults.Tests.Loads;

/// <summary>
/// Producers and consumers of a durable queue in this process and in workers. Each item reaches one consumer, in the order of its
/// producer, across the loss of any program.
/// </summary>
internal sealed class DurableQueueLoad
{
    private const string Target = "durable";

    /// <summary>The items between two pauses: enough to overlap with faults, and few enough for a check within seconds.</summary>
    private const int ItemsPerJob = 20;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly ManagedQueue<LoadItem> _queue;
    private readonly ProcessPool _pool;
    private readonly string _directory;
    private readonly CancellationTokenSource _stopped = new();
    private Task _all = Task.CompletedTask;
    private int _taken;

    private DurableQueueLoad(ManagedQueue<LoadItem> queue, ProcessPool pool, string directory) =>
        (_queue, _pool, _directory) = (queue, pool, Directory.CreateDirectory(directory).FullName);

    /// <summary>Opens the queue and starts producers and consumers.</summary>
    public static async Task<DurableQueueLoad> StartAsync(Manager manager, string name, ProcessPool pool, string directory)
    {
        var queue = await manager.OpenQueueAsync<LoadItem>(name, new DurableQueueOptions { ReconnectFor = TimeSpan.FromMinutes(5) });
        var load = new DurableQueueLoad(queue, pool, directory);
        load._all = Task.WhenAll(
            Task.Run(load.ProduceAsync), Task.Run(load.ConsumeAsync), Task.Run(load.ConsumeAsync), Task.Run(load.ProduceInJobsAsync));
        await load.NextAsync();
        return load;
    }

    /// <summary>Waits until items have passed from now on.</summary>
    public async Task NextAsync()
    {
        var taken = Volatile.Read(ref _taken);
        await Guard.UntilAsync(() => Volatile.Read(ref _taken) > taken + 1 || _all.IsCompleted, Longest);
        if (_all.IsCompleted)
            await _all;
    }

    /// <summary>Stops, takes the remaining items, and verifies the history.</summary>
    /// <returns>A line about the items.</returns>
    public async Task<string> FinishAsync()
    {
        await _stopped.CancelAsync();
        await _all.WaitAsync(Longest);
        await ObjectRun.DrainAsync(_queue, Target, _directory).WaitAsync(Longest);
        var history = new ObjectHistory(HistoryFile.ReadAll(_directory));
        var violations = history.FindViolations(Target).ToList();
        Assert.True(violations.Count == 0, string.Join('\n', violations));
        return $"{_taken} items of the durable queue reached one consumer each; {history.DeadRuns} runs died.";
    }

    /// <summary>Produces in a worker. A retried job is another producer.</summary>
    private static void ProduceInWorker(ManagedQueue<LoadItem> queue, string directory)
    {
        using var history = new HistoryFile(directory);
        for (var number = 1; number <= ItemsPerJob; number++)
            ObjectRun.PutAsync(queue, Target, history, number).GetAwaiter().GetResult();
        history.Record(HistoryStep.Finished, "run");
    }

    private async Task ProduceAsync()
    {
        using var history = new HistoryFile(_directory);
        for (var number = 1; !_stopped.IsCancellationRequested; number++)
        {
            await ObjectRun.PutAsync(_queue, Target, history, number);
            await Task.Delay(5);
        }

        history.Record(HistoryStep.Finished, "run");
    }

    private async Task ConsumeAsync()
    {
        using var history = new HistoryFile(_directory);
        while (!_stopped.IsCancellationRequested)
        {
            if (await ObjectRun.TryTakeAsync(_queue, Target, history, Wait))
                Interlocked.Increment(ref _taken);
        }

        history.Record(HistoryStep.Finished, "run");
    }

    private async Task ProduceInJobsAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                await _pool.ApplyAsync(ProduceInWorker, _queue, _directory);
            }
            catch (WorkerLostException)
            {
                // Three workers in turn were lost with it.
            }
        }
    }
}
