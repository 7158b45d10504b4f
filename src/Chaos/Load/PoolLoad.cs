namespace Actors.Chaos.Load;

/// <summary>The jobs of the load. A job whose pool or store was interrupted is submitted again.</summary>
internal sealed class PoolLoad : IAsyncDisposable
{
    /// <summary>A worker is killed again and again, and its job must survive that.</summary>
    private const int MaxAttempts = 1000;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly LoadSettings _settings;
    private readonly LoadTimeline _timeline;
    private readonly SemaphoreSlim _reopening = new(1, 1);
    private volatile ProcessPool _pool;

    private PoolLoad(LoadSettings settings, LoadTimeline timeline, ProcessPool pool)
    {
        (_settings, _timeline, _pool) = (settings, timeline, pool);
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
            return new PoolLoad(settings, timeline, pool);
        }
        catch
        {
            await pool.TerminateAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Submits jobs until it is canceled, and then waits for the last ones.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, _settings.Plan.JobsInFlight).Select(_ => RunJobsAsync(stop)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _pool.TerminateAsync(CancellationToken.None).WaitAsync(RetryPause * 20).ConfigureAwait(false);
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

    private async Task RunJobsAsync(CancellationToken stop)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            var index = Ledger.AddJob();
            var operation = _timeline.BeginOperation();
            try
            {
                var result = await RunJobAsync(index).ConfigureAwait(false);
                _timeline.AddJob(_timeline.EndOperation(operation));
                Ledger.RecordResult(index, result);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                _timeline.EndOperation(operation);
                _timeline.AddError();
                Ledger.RecordFailure(index, $"{exception.GetType().Name}: {exception.Message}");
                await Task.Delay(RetryPause, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task<long> RunJobAsync(long index)
    {
        while (true)
        {
            var pool = _pool;
            try
            {
                return await pool.ApplyAsync(
                    ChaosWork.Compute, index, (int)_settings.Plan.JobDuration.TotalMilliseconds, cancellationToken: default).Task
                    .ConfigureAwait(false);
            }
            catch (Exception exception) when (IsInterruption(exception))
            {
                _timeline.AddError();
                await Task.Delay(RetryPause).ConfigureAwait(false);
                await ReopenPoolAsync(pool).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether the pool or its store was interrupted. The client submits such jobs again, as documented.</summary>
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
    private async Task ReopenPoolAsync(ProcessPool broken)
    {
        await _reopening.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!ReferenceEquals(broken, _pool))
                return;
            _pool = await OpenPoolAsync(_settings, CancellationToken.None).ConfigureAwait(false);
            // Not awaited: it waits for the store, and the jobs must not.
            _ = DisposeBrokenAsync(broken);
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
