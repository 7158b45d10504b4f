namespace Actors.Objects;

/// <summary>
/// Who inside this process holds a lock that can be taken again: a thread, for what was taken blocking, or a flow of asynchronous calls,
/// which goes on in whatever it awaits or starts while it holds the lock. Thread-safe.
/// </summary>
internal sealed class LockOwner
{
    [ThreadStatic]
    private static LockOwner? _ofThread;

    private static readonly AsyncLocal<Flow?> OfFlow = new();

    private volatile bool _isOver;

    private LockOwner(bool isThread) => IsThread = isThread;

    /// <summary>Whether it is a thread, which has to give back itself what it took.</summary>
    public bool IsThread { get; }

    /// <summary>Whether the code that asks runs as this owner.</summary>
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

    /// <summary>This thread.</summary>
    public static LockOwner Thread() => _ofThread ??= new LockOwner(isThread: true);

    /// <summary>
    /// A new flow, from here on. One for each time that a lock is taken: what was started before or after it was held is not its owner. Must
    /// not be called in an async method, which keeps the flow to itself.
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

    /// <summary>A flow holds the lock no more, or did not get it.</summary>
    public void End() => _isOver = !IsThread;

    private sealed record Flow(LockOwner Owner, Flow? Outer);
}
