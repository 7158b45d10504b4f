using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;

namespace Actors.Pools;

/// <summary>
/// The client side of a pool, as <see cref="ProcessPool"/> and the handles of its jobs use it. An implementation ends every accepted
/// <see cref="PendingJob"/> exactly once, with an outcome or an exception. Thread-safe.
/// </summary>
internal interface IPoolSession
{
    /// <summary>Raised when a worker becomes ready or ends.</summary>
    event Action<WorkerInfo>? WorkerChanged;

    /// <summary>A snapshot of the running workers, the oldest first.</summary>
    IReadOnlyList<WorkerInfo> Workers { get; }

    /// <summary>The number of unfinished jobs.</summary>
    int PendingJobs { get; }

    /// <summary>The number of the last submitted job, in a durable pool of the last accepted one; 0 for none.</summary>
    long LastJob { get; }

    /// <summary>The number of the next submitted job.</summary>
    long NextJob => LastJob + 1;

    /// <summary>The clock for the timeouts and progress reports of maps.</summary>
    TimeProvider Clock { get; }

    /// <summary>Creates the identity of the pool's session, which makes the tokens of its jobs unique.</summary>
    Guid CreateOrigin() => Guid.NewGuid();

    /// <summary>The unobserved failures.</summary>
    UnseenFailures UnseenFailures { get; }

    /// <summary>The reason why the pool failed; null while it has not.</summary>
    Exception? Failure { get; }

    /// <summary>Whether the coordinator is lost, and the session looks for the next one.</summary>
    bool IsReconnecting => false;

    /// <summary>Completes when every job and every worker has ended.</summary>
    Task<PoolSummary> Finished { get; }

    /// <summary>Completes soon after the end of the pool, when the output of its workers is written or dropped.</summary>
    Task OutputEnded { get; }

    /// <summary>Submits a job and sets its number. Blocks while the limit of outstanding jobs is reached.</summary>
    /// <param name="job">Receives the outcome.</param>
    /// <param name="call">The encoded call.</param>
    /// <param name="policy">The options of the job.</param>
    /// <param name="cancellationToken">Cancels the wait for capacity, and afterwards the job.</param>
    /// <exception cref="InvalidOperationException">
    /// The pool no longer accepts jobs, or a managed object belongs to another coordinator.
    /// </exception>
    /// <exception cref="PayloadTooLargeException">The arguments exceed a limit.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost.</exception>
    void SubmitJob(PendingJob job, PreparedCall call, JobPolicy policy, CancellationToken cancellationToken);

    /// <summary>
    /// Waits while the limit of outstanding jobs is reached, so that <see cref="SubmitJob"/> does not block for this job. Submit the job
    /// afterward: it has the slot.
    /// </summary>
    /// <exception cref="PayloadTooLargeException">The arguments exceed a limit.</exception>
    Task ReserveSlotAsync(PendingJob job, PreparedCall call, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Requests that <see cref="PendingJob.MarkAccepted"/> is called soon after the pool has accepted the job.</summary>
    void RequestAcceptance(PendingJob job);

    /// <summary>Cancels a job: it ends at once unless it runs, and is asked to stop otherwise.</summary>
    void CancelJob(long job);

    /// <summary>Cancels the job unless it has started.</summary>
    /// <returns>A task that completes when the job has started. Otherwise the job ends.</returns>
    Task WithdrawJobAsync(JobId job);

    /// <summary>Completes a withdrawal whose caller no longer waits.</summary>
    void ForgetWithdrawal(JobId job);

    /// <summary>Asks whether a worker runs the job.</summary>
    Task<bool> QueryIsRunningAsync(JobId job);

    /// <summary>Requests the progress of running chunks, which arrives at <see cref="PendingJob.ReportProgress"/>.</summary>
    void AskProgress();

    /// <summary>Sends a signal to a worker. Does nothing when the worker or the pool has ended.</summary>
    void SignalWorker(ExecutorId worker, WorkerSignal signal);

    /// <summary>Makes the content of a shared value available to the workers.</summary>
    /// <exception cref="InvalidOperationException">The pool is durable.</exception>
    /// <exception cref="PayloadStoreException">The coordinator refused the value.</exception>
    /// <exception cref="StorageException">The shared memory is exhausted.</exception>
    Task<SharedReference> ShareContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Frees a shared value. Does nothing when it was freed before.</summary>
    void DropShared(PayloadId id);

    /// <summary>Throws unless the pool accepts jobs.</summary>
    /// <exception cref="InvalidOperationException">The pool no longer accepts jobs.</exception>
    void RequireOpen();

    /// <summary>Accepts no more jobs. Submitted jobs continue; with <paramref name="cancelPending"/> only started ones.</summary>
    void Close(bool cancelPending);

    /// <summary>Ends every job now, and all workers.</summary>
    void Terminate();

    /// <summary>Releases the resources that outlive the end of the pool. Called once.</summary>
    ValueTask ReleaseAsync();
}

/// <summary>The operations of durable pools, which exist before and after their client.</summary>
internal interface IDurablePoolSession : IPoolSession
{
    /// <summary>Attaches to jobs that were accepted earlier. Jobs that the pool cannot know end at once.</summary>
    /// <param name="jobs">The jobs; their ids are set.</param>
    /// <exception cref="InvalidOperationException">The session has ended, or waits for the acceptance of a job.</exception>
    void AttachJobs(IReadOnlyCollection<PendingJob> jobs);

    /// <summary>Called when the awaiting code has received an outcome that the pool retains until then.</summary>
    void OnReceived(PendingJob job);

    /// <summary>The number of jobs that may not be accepted: those without an outcome, and those that ended with the session.</summary>
    int UnacceptedJobs { get; }

    /// <summary>
    /// Detaches from the pool, whose accepted jobs continue, after the acknowledgment of the received outcomes. From then on no outcome is
    /// acknowledged.
    /// </summary>
    /// <returns>A task that completes when the pool has confirmed that, or is lost.</returns>
    Task DetachClientAsync();

    /// <summary>Completes when this process has stopped writing for the pool, so that its store can be moved or deleted.</summary>
    Task UnloadPoolAsync();
}
