using Actors.Messages;
using Actors.Pools;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// Handle of a submitted job, as Python's <c>AsyncResult</c>: await it, or query its state. <see cref="JobHandle{T}.Task"/> is the job as a
/// task; <c>Task.WhenAll</c>, <c>Task.WhenAny</c> and <c>Task.WhenEach</c> accept handles too (<see cref="JobHandleTasks"/>). Awaiting
/// throws the exception of the function, or <see cref="JobTimedOutException"/>, <see cref="JobCanceledException"/>,
/// <see cref="WorkerLostException"/>, <see cref="PoolTerminatedException"/>, <see cref="PoolFailedException"/>,
/// <see cref="CoordinatorLostException"/>, <see cref="DurableStoreException"/>, <see cref="PayloadStoreException"/>,
/// <see cref="FunctionNotFoundException"/> or <see cref="JobNotFoundException"/>. Thread-safe.
/// </summary>
/// <remarks>
/// An unobserved failure raises no <see cref="TaskScheduler.UnobservedTaskException"/>. It is reported on standard error, or in the log of
/// the host, when the garbage collector finds the handle, and otherwise when the pool ends. In each minute, and at the end, the first ten
/// are reported with their exceptions, and the others are counted. The task of a handle is created on first use.
/// </remarks>
public abstract class JobHandle
{
    private protected JobHandle()
    {
    }

    /// <summary>
    /// Gets the number of the job in its pool, counted from 1. In a durable pool it identifies the job in other programs too, and is known
    /// from the acceptance of the job on.
    /// </summary>
    /// <exception cref="InvalidOperationException">The pool is durable and the job is not accepted.</exception>
    public long Id => Pending is { HasHiddenId: true, IsAccepted: false }
        ? throw new InvalidOperationException(
            $"The id of a job ({Pending.Function}) of a durable pool is not known before the job is written: await {nameof(Accepted)} "
            + "first, or submit the job with SubmitAsync.")
        : Pending.Id.Value;

    /// <summary>
    /// Gets the task that completes when the job is accepted: in a durable pool when it is written to the store, otherwise when the
    /// coordinator has it. It fails with the reason when the job is not accepted, as <c>ProcessPool.SubmitAsync</c> does. A handle of
    /// <see cref="ProcessPool.Attach"/> counts as accepted.
    /// </summary>
    public Task Accepted => Control.GetAcceptance(Pending);

    /// <summary>Gets whether the job has ended, as Python's <c>ready()</c>.</summary>
    public bool IsCompleted => EndState != JobState.Waiting;

    /// <summary>Gets whether the function returned, as Python's <c>successful()</c>.</summary>
    /// <exception cref="InvalidOperationException">The job has not ended.</exception>
    public bool IsSuccessful
    {
        get
        {
            if (!IsCompleted)
            {
                throw new InvalidOperationException(
                    $"{Pending.Call} has not ended: await the handle, or check {nameof(IsCompleted)} first.");
            }

            Pending.MarkSeen();
            return EndState == JobState.Succeeded;
        }
    }

    /// <summary>
    /// Gets the current state of the job. Before the job has ended, this asks the pool and blocks for a round trip; it returns
    /// <see cref="JobState.Waiting"/> when the coordinator does not answer within 5 s.
    /// </summary>
    public JobState State
    {
        get
        {
            if (EndState == JobState.Waiting && Control.IsRunning(Pending, Ending) is var isRunning && EndState == JobState.Waiting)
                return isRunning ? JobState.Running : JobState.Waiting;
            Pending.MarkSeen();
            return EndState;
        }
    }

    /// <summary>
    /// Confirms that the program has processed the outcome, which a durable pool then removes: with
    /// <see cref="ResultAcknowledgment.Explicit"/> only this call does so. It takes effect within seconds, at the latest when the pool is
    /// disposed. Call it before the disposal, also after <c>CompleteAsync</c>. Has no effect in other pools, and when it is repeated.
    /// </summary>
    /// <exception cref="InvalidOperationException">The job has not ended.</exception>
    public void Acknowledge()
    {
        if (!IsCompleted)
        {
            throw new InvalidOperationException(
                $"{Pending.Call} has not ended: await the handle before {nameof(Acknowledge)}.");
        }

        Pending.ConfirmReceipt();
    }

    /// <summary>Gets the number of times the function was started; 0 until the job has ended.</summary>
    public int Attempts => Pending.Attempts;

    /// <summary>Gets the task that completes when the job ends, with the same outcome.</summary>
    public abstract Task Completion { get; }

    internal abstract PendingJob Pending { get; }

    private JobControl Control => Pending.Control!;

    /// <summary>The task of the job, which does not count as a receipt of the outcome.</summary>
    internal abstract Task SeenCompletion { get; }

    /// <summary>The outcome; <see cref="JobState.Waiting"/> before the job has ended. Sends no message.</summary>
    internal abstract JobState EndState { get; }

    /// <summary>Completes when the job ends, without marking the outcome as observed.</summary>
    private protected abstract Task Ending { get; }

    /// <summary>
    /// Asks the job to stop. A waiting job ends at once. A running job is signaled through its <see cref="CancellationToken"/> parameter,
    /// and its worker is killed after <see cref="PoolOptions.CancellationGrace"/>. Does nothing when the job has ended.
    /// </summary>
    public void Cancel() => Control.CancelJob(Pending);

    /// <summary>
    /// Cancels the job if it has not started, as <c>cancel()</c> of Python's <c>concurrent.futures.Future</c>. A running job continues: use
    /// <see cref="Cancel"/> to stop it. Blocks for a round trip to the pool, and to the worker when the job is queued there.
    /// </summary>
    /// <returns>
    /// True when the job will not run: it was canceled before it started, or dropped with its pool. False when it has started or ended, or
    /// when the coordinator does not answer within 10 s.
    /// </returns>
    public bool TryCancel()
    {
        if (EndState == JobState.Waiting)
            Control.WithdrawJob(Pending, Ending);
        return EndState is JobState.Canceled or JobState.Dropped && Attempts == 0;
    }

    /// <summary>Blocks until the job has ended, as Python's <c>wait(timeout)</c>. Does not throw the exception of the job.</summary>
    /// <param name="timeout">The longest time to wait; null waits without limit.</param>
    /// <param name="cancellationToken">Cancels the wait; the job continues.</param>
    /// <returns>True when it has ended; false when the timeout passed first.</returns>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limit = TimeoutRule.RequireValid(timeout);
        Pending.MarkSeen();
        return SimulatedThread.Wait(Ending, limit, cancellationToken);
    }
}
