namespace Actors.Testing;

/// <summary>
/// Makes the test itself part of a simulation: while its code runs, no virtual time passes, and after each <c>await</c> it continues inside
/// of the simulation. The first part of a test, up to its first <c>await</c>, runs on the thread of the test framework.
/// </summary>
internal sealed class AttachedThread
{
    /// <summary>Notices the end of the first part: an asynchronous method restores the context of its caller when it returns.</summary>
    private static readonly AsyncLocal<AttachedThread?> Flow = new(OnFlowChanged);

    private readonly SimulationScheduler _scheduler;
    private readonly SynchronizationContext? _before = SynchronizationContext.Current;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private int _hasLeft;

    private AttachedThread(SimulationScheduler scheduler) => _scheduler = scheduler;

    /// <summary>Attaches the calling thread, unless it belongs to another simulation.</summary>
    public static void Attach(SimulationScheduler scheduler)
    {
        if (!scheduler.TryHoldThread())
            return;
        Flow.Value = new AttachedThread(scheduler);
        SynchronizationContext.SetSynchronizationContext(scheduler.TestContext);
    }

    private static void OnFlowChanged(AsyncLocalValueChangedArgs<AttachedThread?> change)
    {
        if (change is { ThreadContextChanged: true, PreviousValue: { } left } && change.CurrentValue != left)
            left.Leave();
    }

    private void Leave()
    {
        if (_thread != Environment.CurrentManagedThreadId || Interlocked.Exchange(ref _hasLeft, 1) != 0)
            return;
        if (SynchronizationContext.Current == _scheduler.TestContext)
            SynchronizationContext.SetSynchronizationContext(_before);
        _scheduler.ReleaseThread();
    }
}
