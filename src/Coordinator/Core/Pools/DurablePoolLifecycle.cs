namespace Actors.Coordinator.Pools;

/// <summary>The life of a durable pool in one process, from the journal to the unloaded pool. Not thread-safe.</summary>
public sealed class DurablePoolLifecycle
{
    /// <summary>How long a build or a pool without clients and jobs keeps its executors, in case a client connects.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private Phase _phase = Phase.Loading;
    private TimeSpan? _idleSince;

    private enum Phase
    {
        /// <summary>The journal is read.</summary>
        Loading,

        /// <summary>The journal has no records, and no client has opened the pool.</summary>
        Empty,

        /// <summary>The first record is written, so that an earlier owner of the journal can write no more.</summary>
        Starting,

        /// <summary>Clients can use the pool.</summary>
        Running,

        /// <summary>Clients can use the pool, and submit no more jobs.</summary>
        Closing,

        /// <summary>The pool is closed, and all its jobs and workers have ended. Clients can receive the retained outcomes.</summary>
        Ended,

        /// <summary>The builds end, because the pool unloads.</summary>
        Stopping,

        /// <summary>As <see cref="Stopping"/>, of a pool that has ended. It is deleted if no outcome is retained.</summary>
        StoppingEnded,

        /// <summary>The journal is deleted.</summary>
        Deleting,

        /// <summary>The store has failed while the journal was read.</summary>
        InterruptedLoading,

        /// <summary>The store has failed, and the builds end.</summary>
        Interrupted,

        /// <summary>Another coordinator has written the journal, and the builds end.</summary>
        InterruptedElsewhere,

        /// <summary>The parent stops the pool.</summary>
        Unloaded,
    }

    /// <summary>Whether the journal has no records, and no client has opened the pool.</summary>
    public bool IsEmpty => _phase == Phase.Empty;

    /// <summary>Whether the pool is read, so that requests wait.</summary>
    public bool IsBeginning => _phase is Phase.Loading or Phase.Starting;

    /// <summary>Whether clients can use the pool.</summary>
    public bool IsRunning => _phase is Phase.Running or Phase.Closing or Phase.Ended;

    /// <summary>Whether clients can connect, now or after the first record is written.</summary>
    public bool ConnectsClients => _phase == Phase.Starting || IsRunning;

    /// <summary>Whether the pool accepts jobs.</summary>
    public bool AcceptsJobs => _phase == Phase.Running;

    /// <summary>Whether clients can use the pool, which is closed, and all its jobs and workers have ended.</summary>
    public bool HasEnded => _phase == Phase.Ended;

    /// <summary>Whether the builds end, because the pool unloads or cannot continue.</summary>
    public bool IsStopping => _phase is Phase.Stopping or Phase.StoppingEnded or Phase.Interrupted or Phase.InterruptedElsewhere;

    /// <summary>Whether a stopping pool is deleted if no outcome is retained.</summary>
    public bool HasEndedBefore => _phase == Phase.StoppingEnded;

    /// <summary>Whether the host stops the pool. It does not answer any more.</summary>
    public bool IsUnloaded => _phase == Phase.Unloaded;

    /// <summary>Why the pool cannot write; null while it can. It remains after the pool is unloaded.</summary>
    public string? Interruption { get; private set; }

    /// <summary>Whether the pool cannot write, and ends.</summary>
    public bool IsInterrupted => Interruption is not null;

    /// <summary>Records that the journal is read.</summary>
    /// <param name="isEmpty">Whether it has no records, and no client waits for the pool.</param>
    public void Start(bool isEmpty) => MoveTo(isEmpty ? Phase.Empty : Phase.Starting);

    /// <summary>Records that the first record is written, so that clients can use the pool.</summary>
    /// <param name="isClosed">Whether the pool was closed before.</param>
    public void Run(bool isClosed) => MoveTo(isClosed ? Phase.Closing : Phase.Running);

    /// <summary>Records that the pool is closed, before that is written.</summary>
    public void Close()
    {
        if (_phase == Phase.Running)
            MoveTo(Phase.Closing);
    }

    /// <summary>Records that all jobs and workers of a closed pool have ended.</summary>
    public void End()
    {
        if (_phase == Phase.Closing)
            MoveTo(Phase.Ended);
    }

    /// <summary>Records that an ended pool runs jobs again. It ends again after them.</summary>
    public void Resume()
    {
        if (_phase is Phase.Ended or Phase.StoppingEnded)
            MoveTo(_phase == Phase.Ended ? Phase.Closing : Phase.Stopping);
    }

    /// <summary>Begins to unload the pool.</summary>
    /// <returns>False for a pool that is not in use.</returns>
    public bool TryStop()
    {
        if (!IsRunning && !IsEmpty)
            return false;
        MoveTo(HasEnded ? Phase.StoppingEnded : Phase.Stopping);
        return true;
    }

    /// <summary>Records that the journal is deleted.</summary>
    public void Delete() => MoveTo(Phase.Deleting);

    /// <summary>Records that the pool cannot write. It never runs again in this process.</summary>
    /// <param name="reason">The reason, as a message for clients.</param>
    /// <param name="isOwnedElsewhere">Whether another coordinator has written the journal.</param>
    /// <returns>False when that was known.</returns>
    public bool TryInterrupt(string reason, bool isOwnedElsewhere)
    {
        if (IsInterrupted)
            return false;
        MoveTo(
            isOwnedElsewhere ? Phase.InterruptedElsewhere
            : _phase == Phase.Loading ? Phase.InterruptedLoading
            : Phase.Interrupted);
        Interruption = reason;
        return true;
    }

    /// <summary>Unloads the pool.</summary>
    /// <param name="canRun">Whether the pool runs without a client.</param>
    /// <param name="hasJobs">Whether it has jobs that have not ended, as far as it was read.</param>
    /// <returns>Whether the pool must be loaded again without a client, because its store has failed; null when it was unloaded.</returns>
    public bool? TryUnload(bool canRun, bool hasJobs)
    {
        if (IsUnloaded)
            return null;
        var mustContinue = canRun && (_phase == Phase.InterruptedLoading || (_phase == Phase.Interrupted && hasJobs));
        _phase = Phase.Unloaded;
        return mustContinue;
    }

    /// <summary>Decides whether a pool has been unused for long. An ended pool is not: it is deleted with its last outcome.</summary>
    /// <param name="isUsed">Whether it has clients or jobs.</param>
    /// <param name="now">The current time.</param>
    public bool CheckIdle(bool isUsed, TimeSpan now)
    {
        if (isUsed || HasEnded)
        {
            _idleSince = null;
            return false;
        }

        return now - (_idleSince ??= now) > IdleTime;
    }

    /// <summary>An interrupted pool can only be unloaded, and an unloaded one remains so.</summary>
    private void MoveTo(Phase next)
    {
        if (!IsInterrupted && !IsUnloaded)
            _phase = next;
    }
}
