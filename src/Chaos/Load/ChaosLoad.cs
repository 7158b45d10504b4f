namespace Actors.Chaos.Load;

/// <summary>
/// The load of a run: a pool with checked jobs, a queue with a producer and two consumers, and a lock with two competitors. On a cluster
/// with a store, the pool and the queue are durable.
/// </summary>
internal sealed class ChaosLoad : IAsyncDisposable
{
    private readonly PoolLoad _pool;
    private readonly QueueLoad? _queue;
    private readonly LockLoad? _lock;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private Task _running = Task.CompletedTask;

    private ChaosLoad(PoolLoad pool, QueueLoad? queue, LockLoad? @lock) => (_pool, _queue, _lock) = (pool, queue, @lock);

    /// <summary>The checks of the jobs.</summary>
    public JobLedger Jobs => _pool.Ledger;

    /// <summary>The checks of the queue; null without one.</summary>
    public QueueLedger? Queue => _queue?.Ledger;

    /// <summary>The checks of the lock; null without one.</summary>
    public LockLedger? Locks => _lock?.Ledger;

    /// <summary>Starts the load, and waits for its first job.</summary>
    public static async Task<ChaosLoad> StartLoadAsync(LoadSettings settings, LoadTimeline timeline, CancellationToken cancellationToken)
    {
        var pool = await PoolLoad.StartPoolAsync(settings, timeline, cancellationToken).ConfigureAwait(false);
        QueueLoad? queue = null;
        try
        {
            queue = settings.Plan.HasQueue
                ? await QueueLoad.OpenQueueAsync(settings, timeline, cancellationToken).ConfigureAwait(false)
                : null;
            var @lock = settings.Plan.HasLock
                ? await LockLoad.CreateLockAsync(settings, timeline, cancellationToken).ConfigureAwait(false)
                : null;
            return new ChaosLoad(pool, queue, @lock);
        }
        catch
        {
            if (queue is not null)
                await queue.DisposeAsync().ConfigureAwait(false);
            await pool.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Submits jobs and calls the objects until <see cref="FinishLoadAsync"/>.</summary>
    public void Run() => _running = Task.WhenAll(
        _pool.RunAsync(_stop.Token, _end.Token),
        _queue?.RunAsync(_stop.Token, _end.Token) ?? Task.CompletedTask,
        _lock?.RunAsync(_stop.Token, _end.Token) ?? Task.CompletedTask);

    /// <summary>Submits nothing more, waits until everything has ended, and checks it.</summary>
    public async Task FinishLoadAsync(TimeSpan timeout)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(_running, Task.Delay(timeout)).ConfigureAwait(false);
        _pool.Ledger.RequireAllEnded();
        _queue?.Ledger.RequireAllReceived();
        if (_running.IsFaulted)
            await _running.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _end.CancelAsync().ConfigureAwait(false);
        // Otherwise a job or call could open a pool or object again, and nothing would dispose it.
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_lock is not null)
            await _lock.DisposeAsync().ConfigureAwait(false);
        if (_queue is not null)
            await _queue.DisposeAsync().ConfigureAwait(false);
        await _pool.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
        _end.Dispose();
    }
}

/// <summary>The settings of the load. Immutable.</summary>
/// <param name="Connect">The addresses of the coordinators.</param>
/// <param name="Plan">The load of the plan.</param>
/// <param name="IsDurable">Whether the coordinators have a store.</param>
/// <param name="Violations">Receives the violations.</param>
internal sealed record LoadSettings(string Connect, Plans.LoadPlan Plan, bool IsDurable, Violations Violations)
{
    /// <summary>The time in which a pool or queue must continue after the loss of its coordinator.</summary>
    public static TimeSpan ReconnectFor { get; } = TimeSpan.FromMinutes(5);

    /// <summary>A name that no other run uses.</summary>
    public string Name { get; } = $"chaos-{Guid.NewGuid():N}";
}
