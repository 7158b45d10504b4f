namespace Actors.Chaos.Load;

/// <summary>Two competitors for a lock. A lock that is lost with its coordinator is replaced.</summary>
internal sealed class LockLoad : IAsyncDisposable
{
    private const int Competitors = 2;

    private static readonly TimeSpan HoldTime = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan AcquireTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly LoadTimeline _timeline;
    private readonly SharedObject<ManagedLock> _lock;

    private LockLoad(LoadSettings settings, LoadTimeline timeline, SharedObject<ManagedLock> @lock)
    {
        (_timeline, _lock) = (timeline, @lock);
        Ledger = new LockLedger(settings.Violations);
    }

    /// <summary>The checks.</summary>
    public LockLedger Ledger { get; }

    /// <summary>Creates the lock.</summary>
    public static async Task<LockLoad> CreateLockAsync(LoadSettings settings, LoadTimeline timeline, CancellationToken cancellationToken)
    {
        var @lock = new SharedObject<ManagedLock>(settings.Connect, manager => manager.CreateLockAsync());
        await @lock.CreateAsync(cancellationToken).ConfigureAwait(false);
        return new LockLoad(settings, timeline, @lock);
    }

    /// <summary>Acquires and releases the lock.</summary>
    /// <param name="stop">Stops it after the last release.</param>
    /// <param name="end">Cancels all calls.</param>
    public Task RunAsync(CancellationToken stop, CancellationToken end) =>
        Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => CompeteAsync(stop, end)));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lock.DisposeAsync();

    private async Task CompeteAsync(CancellationToken stop, CancellationToken end)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            var current = _lock.Current;
            try
            {
                await HoldOnceAsync(current).WaitAsync(end).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                _timeline.AddError();
            }
            catch (Exception exception) when (SharedObject.IsInterruption(exception))
            {
                _timeline.AddError();
                await Task.Delay(RetryPause, end).ConfigureAwait(false);
                await _lock.ReplaceAsync(current, end).ConfigureAwait(false);
            }
        }
    }

    private async Task HoldOnceAsync(SharedObject<ManagedLock>.Instance current)
    {
        var hold = await current.Object.AcquireAsync(AcquireTimeout).ConfigureAwait(false);
        Ledger.RecordAcquired(current.Number, hold.FencingToken);
        _timeline.AddLockHold();
        await Task.Delay(HoldTime).ConfigureAwait(false);
        // Another program may hold the lock as soon as the release is sent.
        Ledger.RecordReleasing(current.Number);
        await hold.DisposeAsync().ConfigureAwait(false);
    }
}
