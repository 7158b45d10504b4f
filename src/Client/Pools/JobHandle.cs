using Actors.Pools;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// A job that was submitted: await it, or ask how it goes, as Python's <c>AsyncResult</c>. <see cref="JobHandle{T}.Task"/> is the job as
/// a task, for whatever takes
/// tasks; <c>Task.WhenAll</c>, <c>Task.WhenAny</c> and <c>Task.WhenEach</c> take handles as they are (<see cref="JobHandleTasks"/>).
/// Awaiting gives back what the function threw,
/// or <see cref="JobTimedOutException"/>, <see cref="JobCancelledException"/>, <see cref="WorkerLostException"/>,
/// <see cref="PoolTerminatedException"/>, <see cref="PoolFailedException"/>, <see cref="CoordinatorLostException"/>,
/// <see cref="DurableStoreException"/>,
/// <see cref="PayloadStoreException"/>, <see cref="FunctionNotFoundException"/>, or <see cref="JobNotFoundException"/>. Thread-safe.
/// </summary>
/// <remarks>
/// A failed job whose handle nobody looks at raises no <see cref="TaskScheduler.UnobservedTaskException"/>. The end of the pool reports
/// it: in its
/// <see cref="PoolSummary"/>, and with a line on standard error. A handle has no task before somebody asks for one.
/// </remarks>
public abstract class JobHandle
{
    private readonly JobControl _control;

    private protected JobHandle(JobControl control) => _control = control;

    /// <summary>The job's number in its pool, counted from 1.</summary>
    public long Id => Pending.Id.Value;

    /// <summary>Whether the job has ended, as Python's <c>ready()</c>.</summary>
    public bool IsCompleted => EndState != JobState.Waiting;

    /// <summary>Whether the function returned, as Python's <c>successful()</c>.</summary>
    /// <exception cref="InvalidOperationException">The job has not ended.</exception>
    public bool IsSuccessful
    {
        get
        {
            if (!IsCompleted)
                throw new InvalidOperationException($"{Pending.Call} has not ended: await it, or ask {nameof(IsCompleted)} first.");
            See();
            return EndState == JobState.Succeeded;
        }
    }

    /// <summary>
    /// Where the job is in its life, a moment ago. While the job has not ended this asks the pool: it blocks for a round trip, and is
    /// <see cref="JobState.Waiting"/>
    /// when the coordinator does not answer within 5 s.
    /// </summary>
    public JobState State
    {
        get
        {
            if (EndState == JobState.Waiting && _control.IsRunning(Pending, Ending) is var isRunning && EndState == JobState.Waiting)
                return isRunning ? JobState.Running : JobState.Waiting;
            See();
            return EndState;
        }
    }

    /// <summary>How often the function was started; 0 until the job has ended.</summary>
    public int Attempts => Pending.Attempts;

    /// <summary>Ends when the job does, in the same way.</summary>
    public abstract Task Completion { get; }

    internal abstract PendingJob Pending { get; }

    /// <summary>How it ended; <see cref="JobState.Waiting"/> before. Asks nobody.</summary>
    internal abstract JobState EndState { get; }

    /// <summary>Ends when the job does, for a wait that does not look at how.</summary>
    private protected abstract Task Ending { get; }

    private protected abstract void See();

    /// <summary>
    /// Asks the job to stop: one that waits ends at once, one that runs is asked through its <see cref="CancellationToken"/> parameter
    /// and killed with its executor after the pool's grace time. Nothing when the job has ended.
    /// </summary>
    public void Cancel() => _control.Cancel(Id);

    /// <summary>
    /// Cancels the job if it has not begun, as <c>cancel()</c> of Python's <c>concurrent.futures.Future</c>. A job that runs goes on:
    /// <see cref="Cancel"/> stops it.
    /// Blocks for a round trip to the pool, and to the worker where the job waits there behind another.
    /// </summary>
    /// <returns>
    /// True when the job will not run: it was cancelled before it began, now or earlier, or dropped with its pool. False when it has
    /// begun or has ended, or its
    /// coordinator does not answer within 10 s.
    /// </returns>
    public bool TryCancel()
    {
        if (EndState == JobState.Waiting)
            _control.Withdraw(Pending, Ending);
        return EndState is JobState.Cancelled or JobState.Dropped && Attempts == 0;
    }

    /// <summary>Blocks until the job has ended, as Python's <c>wait(timeout)</c>. Does not throw what the job threw.</summary>
    /// <param name="timeout">How long to wait at most; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting; the job goes on.</param>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limit = TimeoutRule.Require(timeout);
        See();
        return Task.WhenAny(Ending).Wait(limit, cancellationToken);
    }
}
