namespace Actors.Objects;

/// <summary>
/// The owner of a reentrant lock inside this process: a thread, for blocking calls, or an asynchronous flow with everything that it awaits
/// or starts while it holds the lock. Thread-safe.
/// </summary>
internal sealed class LockOwner
{
    [ThreadStatic]
    private static LockOwner? _ofThread;

    private static readonly AsyncLocal<Flow?> OfFlow = new();

    private volatile bool _isOver;

    private LockOwner(bool isThread) => IsThread = isThread;

    /// <summary>Whether the owner is a thread, which must release the lock itself.</summary>
    public bool IsThread { get; }

    /// <summary>Whether the calling code runs as this owner.</summary>
    public bool IsCurrent
    {
        get
        {
            if (this == _ofThread)
                return true;
            for (var flow = OfFlow.Value; flow is not null; flow = flow.Outer)
            {
                if (flow.Owner == this)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Returns the owner for the current thread.</summary>
    public static LockOwner OfThread() => _ofThread ??= new LockOwner(isThread: true);

    /// <summary>
    /// Starts a new flow, one for each acquisition: code that was started before or after the hold is not its owner. Do not call it in an
    /// async method, which would keep the flow to itself.
    /// </summary>
    public static LockOwner StartFlow()
    {
        var outer = OfFlow.Value;
        while (outer is { Owner._isOver: true })
            outer = outer.Outer;
        var owner = new LockOwner(isThread: false);
        OfFlow.Value = new Flow(owner, outer);
        return owner;
    }

    /// <summary>Ends a flow that has released the lock or did not acquire it.</summary>
    public void EndFlow() => _isOver = !IsThread;

    private sealed record Flow(LockOwner Owner, Flow? Outer);
}
