namespace Actors.Pools;

/// <summary>
/// The end of a session: its last request to the pool, and the reason why it accepts no more jobs. Not thread-safe.
/// </summary>
internal sealed class ClientPoolEnding
{
    private Exception? _reason;
    private Exception? _closedBefore;

    /// <summary>The last request to the pool, which is repeated after a reconnect.</summary>
    public ClientPoolEnd Request { get; private set; }

    /// <summary>Whether this program has closed the pool, also if another request followed.</summary>
    public bool WasClosed { get; private set; }

    /// <summary>
    /// Whether the pool has ended for this program. The session of a durable pool stays connected until it detaches, with any request.
    /// </summary>
    public bool IsFinished { get; private set; }

    /// <summary>The reason why the pool failed; null while it has not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether a last request was sent, or is sent when the pool is open again.</summary>
    public bool IsRequested => Request >= ClientPoolEnd.Closed;

    /// <summary>Whether the session may leave the pool. A terminated pool is left when its jobs have ended.</summary>
    public bool CanDetach => Request != ClientPoolEnd.Terminated || IsFinished;

    /// <summary>Whether the last request is one that <see cref="ClientPoolState.Close"/> must not change.</summary>
    public bool IsFinal => Request is ClientPoolEnd.Detached or ClientPoolEnd.Terminated;

    /// <summary>The reason for the end of the session; null without one.</summary>
    public Exception? Reason => Failure ?? _reason;

    /// <summary>The reason why no job is accepted; null when jobs are accepted.</summary>
    public Exception? Refusal => Reason ?? _closedBefore;

    /// <summary>Records whether the opened pool was closed before.</summary>
    /// <param name="closedBefore">The exception for submissions; null when the pool accepts jobs.</param>
    public void OnOpened(Exception? closedBefore) => _closedBefore = closedBefore;

    /// <summary>Records that the pool failed.</summary>
    public void OnFailed(Exception failure) => Failure = failure;

    /// <summary>Forgets the failure of a lost pool, because a durable pool that is reopened elsewhere may continue.</summary>
    public void OnReopening() => Failure = null;

    /// <summary>Begins to close the pool, unless the session accepts no more jobs.</summary>
    public bool TryClose()
    {
        if (_reason is not null)
            return false;
        _reason = PoolEndReasons.CreateClosed();
        (Request, WasClosed) = (ClientPoolEnd.Closing, true);
        return true;
    }

    /// <summary>Closes a pool again that is opened anew.</summary>
    public void RepeatClosing()
    {
        if (Request == ClientPoolEnd.Closed)
            Request = ClientPoolEnd.Closing;
    }

    /// <summary>Accepts no more jobs because the program terminates the pool. The request follows.</summary>
    public void BeginTermination()
    {
        StopClosing();
        _reason = PoolEndReasons.CreateTerminated();
    }

    /// <summary>Accepts no more jobs because the program leaves the durable pool. The request follows.</summary>
    public void BeginDetaching(string pool)
    {
        if (!IsFinished)
            _reason = PoolEndReasons.CreateDetached(pool);
    }

    /// <summary>Changes the last request.</summary>
    public void SetRequest(ClientPoolEnd request) => Request = request;

    /// <summary>Records that the pool has ended for this program.</summary>
    public void Finish() => IsFinished = true;

    /// <summary>Accepts no more jobs. An earlier reason remains.</summary>
    public void EndWith(Exception reason)
    {
        StopClosing();
        _reason ??= reason;
    }

    /// <summary>Accepts no more jobs, because the pool was lost.</summary>
    public void EndWithLoss(Exception reason) => _reason = reason;

    private void StopClosing()
    {
        if (Request == ClientPoolEnd.Closing)
            Request = ClientPoolEnd.None;
    }
}
