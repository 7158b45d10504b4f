namespace Actors.Testing;

/// <summary>Continues asynchronous code inside of a simulation.</summary>
/// <param name="scheduler">The simulation.</param>
/// <param name="run">The process of the code; null for the test.</param>
internal sealed class SimulationContext(SimulationScheduler scheduler, SimulatedRun? run) : SynchronizationContext
{
    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => scheduler.PostCode(() => RunCode(() => d(state)));

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs code of the process on the calling thread: after a pause, and not after its end.</summary>
    public void RunCode(Action code)
    {
        if (run is null)
            SimulatedRun.RunAs(null, () => RunInContext(code));
        else
            run.RunCode(() => RunInContext(code));
    }

    private void RunInContext(Action code)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            code();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}

/// <summary>Runs tasks of the library inside of a simulation.</summary>
internal sealed class SimulationTaskScheduler(SimulationScheduler scheduler) : TaskScheduler
{
    /// <inheritdoc/>
    protected override void QueueTask(Task task) => scheduler.PostCode(() => TryExecuteTask(task));

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
