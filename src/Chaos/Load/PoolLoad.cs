using System.Globalization;

namespace Actors.Chaos.Load;

/// <summary>
/// The jobs of the load. When the pool or its store is interrupted, a durable pool must still know the accepted jobs: the load attaches to
/// them, and submits the others again with their keys. The jobs of other pools are submitted again.
/// </summary>
internal sealed class PoolLoad : IAsyncDisposable
{
    /// <summary>A worker is killed again and again, and its job must survive that.</summary>
    private const int MaxAttempts = 1000;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    private readonly LoadSettings _settings;
    private readonly LoadTimeline _timeline;
    private readonly Func<CancellationToken, Task<ProcessPool>> _open;
    private readonly SemaphoreSlim _reopening = new(1, 1);
    private readonly List<Task> _disposals = [];
    private volatile ProcessPool _pool;

    /// <summary>Creates the load of an open pool.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="timeline">Receives the measurements.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="open">Opens the pool again.</param>
    internal PoolLoad(
        LoadSettings settings, LoadTimeline timeline, ProcessPool pool, Func<CancellationToken, Task<ProcessPool>> open)
    {
        (_settings, _timeline, _pool, _open) = (settings, timeline, pool, open);
        Ledger = new JobLedger(settings.Violations);
    }

    /// <summary>The checks.</summary>
    public JobLedger Ledger { get; }

    /// <summary>Opens the pool, and waits for its first job.</summary>
    public static async Task<PoolLoad> StartPoolAsync(LoadSettings settings, LoadTimeline timeline, CancellationToken cancellationToken)
    {
        var pool = await OpenPoolAsync(settings, cancellationToken).ConfigureAwait(false);
        try
        {
            await pool.ApplyAsync(ChaosWork.Compute, 0L, 0, cancellationToken: cancellationToken).Task.ConfigureAwait(false);
            return new PoolLoad(settings, timeline, pool, token => OpenPoolAsync(settings, token));
        }
        catch
        {
            await pool.TerminateAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Submits jobs, and waits for them.</summary>
    /// <param name="stop">Stops the submission. The last jobs are awaited.</param>
    /// <param name="end">Cancels the wait too, and each attempt to open the pool again.</param>
    public Task RunAsync(CancellationToken stop, CancellationToken end) =>
        Task.WhenAll(Enumerable.Range(0, _settings.Plan.JobsInFlight).Select(_ => RunJobsAsync(stop, end)));

    /// <summary>Terminates the pool. Call it after the end of <see cref="RunAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _pool.TerminateAsync(CancellationToken.None).WaitAsync(EndTimeout).ConfigureAwait(false);
            await Task.WhenAll(_disposals).WaitAsync(EndTimeout).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsInterruption(exception) || exception is TimeoutException)
        {
            // The run is over, and the cluster may still be broken.
        }

        await _pool.DisposeAsync().ConfigureAwait(false);
        _reopening.Dispose();
    }

    private static Task<ProcessPool> OpenPoolAsync(LoadSettings settings, CancellationToken cancellationToken) => ProcessPool.StartAsync(
        connect: settings.Connect, cancellationToken: cancellationToken,
        options: new PoolOptions
        {
            DurableName = settings.IsDurable ? settings.Name : null,
            MaxAttempts = MaxAttempts,
            ReconnectFor = LoadSettings.ReconnectFor,
            NodeTimeout = LoadSettings.ReconnectFor,
        });

    private async Task RunJobsAsync(CancellationToken stop, CancellationToken end)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            var index = Ledger.AddJob();
            var operation = _timeline.BeginOperation();
            try
            {
                var result = await RunJobAsync(index, end).ConfigureAwait(false);
                _timeline.AddJob(_timeline.EndOperation(operation));
                Ledger.RecordResult(index, result);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException && !end.IsCancellationRequested)
            {
                _timeline.EndOperation(operation);
                _timeline.AddError();
                Ledger.RecordFailure(index, $"{exception.GetType().Name}: {exception.Message}");
                await Task.Delay(RetryPause, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task<long> RunJobAsync(long index, CancellationToken end)
    {
        long? accepted = null;
        for (var attempt = 1; ; attempt++)
        {
            var pool = _pool;
            try
            {
                Ledger.RecordStep(index, $"submission {attempt} waits for its acceptance since {_timeline.Now.TotalSeconds:0.0} s");
                var job = accepted is { } id ? pool.Attach<long>(id) : await SubmitJobAsync(pool, index, end).ConfigureAwait(false);
                if (_settings.IsDurable)
                    Ledger.RecordAccepted(index, (accepted = job.Id).Value);
                Ledger.RecordStep(
                    index, $"submission {attempt}, as job {job.Id}, waits for its result since {_timeline.Now.TotalSeconds:0.0} s");
                return await job.Task.WaitAsync(end).ConfigureAwait(false);
            }
            catch (Exception exception) when (IsInterruption(exception))
            {
                _timeline.AddError();
                var error = exception.GetType().Name;
                Ledger.RecordStep(
                    index, $"submission {attempt} ended with {error} at {_timeline.Now.TotalSeconds:0.0} s, and waits for the pool");
                await Task.Delay(RetryPause, end).ConfigureAwait(false);
                await ReopenPoolAsync(pool, end).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Submits a job. It is not canceled with the wait for its acceptance.</summary>
    private Task<JobHandle<long>> SubmitJobAsync(ProcessPool pool, long index, CancellationToken end)
    {
        var options = _settings.IsDurable ? new JobOptions { Key = index.ToString(CultureInfo.InvariantCulture) } : null;
        return pool.SubmitAsync(
            ChaosWork.Compute, index, (int)_settings.Plan.JobDuration.TotalMilliseconds, options, CancellationToken.None).WaitAsync(end);
    }

    /// <summary>Whether the pool or its store was interrupted.</summary>
    private static bool IsInterruption(Exception exception) => exception is CoordinatorLostException or CoordinatorUnreachableException
        or DurableStoreException or PoolTerminatedException or PoolFailedException or ObjectDisposedException;

    private static async Task DisposeBrokenAsync(ProcessPool broken)
    {
        try
        {
            await broken.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsInterruption(exception))
        {
            // Its jobs are submitted again.
        }
    }

    /// <summary>Opens the pool again, once for all jobs.</summary>
    private async Task ReopenPoolAsync(ProcessPool broken, CancellationToken end)
    {
        await _reopening.WaitAsync(end).ConfigureAwait(false);
        try
        {
            // The end of the run releases the semaphore too.
            end.ThrowIfCancellationRequested();
            if (!ReferenceEquals(broken, _pool))
                return;
            _pool = await _open(end).ConfigureAwait(false);
            // Not awaited: it waits for the store, and the jobs must not.
            _disposals.Add(DisposeBrokenAsync(broken));
        }
        catch (Exception exception) when (IsInterruption(exception))
        {
            // The next job tries again.
        }
        finally
        {
            _reopening.Release();
        }
    }
}
