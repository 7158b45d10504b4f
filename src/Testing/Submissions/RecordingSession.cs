using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Objects;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>Records the submissions to another session, and plans the faults of each job before it is submitted.</summary>
/// <param name="inner">The session.</param>
/// <param name="log">Receives the submissions.</param>
/// <param name="faults">Plans the faults.</param>
/// <param name="submitted">Called after each submission.</param>
internal sealed class RecordingSession(IPoolSession inner, SubmissionLog log, FaultInjector faults, Action submitted)
    : IDurablePoolSession, IJobObserver
{
    private readonly Lock _submitting = new();

    /// <summary>The session of a durable pool.</summary>
    private IDurablePoolSession Durable => (IDurablePoolSession)inner;

    /// <inheritdoc/>
    public event Action<WorkerInfo>? WorkerChanged
    {
        add => inner.WorkerChanged += value;
        remove => inner.WorkerChanged -= value;
    }

    /// <summary>Called when the pool has been disposed.</summary>
    public Action? Released { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<WorkerInfo> Workers => inner.Workers;

    /// <inheritdoc/>
    public int PendingJobs => inner.PendingJobs;

    /// <inheritdoc/>
    public int UnacceptedJobs => Durable.UnacceptedJobs;

    /// <inheritdoc/>
    public long LastJob => inner.LastJob;

    /// <inheritdoc/>
    public long NextJob => inner.NextJob;

    /// <inheritdoc/>
    public TimeProvider Clock => inner.Clock;

    /// <inheritdoc/>
    public Guid CreateOrigin() => inner.CreateOrigin();

    /// <inheritdoc/>
    public UnseenFailures UnseenFailures => inner.UnseenFailures;

    /// <inheritdoc/>
    public Exception? Failure => inner.Failure is { } failure ? faults.Explain(failure) : null;

    /// <inheritdoc/>
    public bool IsReconnecting => inner.IsReconnecting;

    /// <inheritdoc/>
    public Task<PoolSummary> Finished => inner.Finished;

    /// <inheritdoc/>
    public Task OutputEnded => inner.OutputEnded;

    /// <inheritdoc/>
    public void SubmitJob(PendingJob job, PreparedCall call, JobPolicy policy, CancellationToken cancellationToken)
    {
        RequireOpen();
        // The inner session numbers the job. The lock makes the number known here before, because the job may run at once.
        lock (_submitting)
        {
            var id = new JobId(inner.NextJob);
            var record = new SubmittedJob(id.Value, call, policy, ObjectProxy.FindChannel(call.KeptAlive));
            log.AddJob(record);
            faults.PlanJob(id, call.Function, policy.MaxAttempts);
            job.Observer = this;
            try
            {
                inner.SubmitJob(job, call, policy, cancellationToken);
            }
            catch
            {
                log.RemoveJob(record);
                faults.ForgetLastJob(id);
                throw;
            }
        }

        log.ConfirmSubmission();
        submitted();
    }

    /// <inheritdoc/>
    public JobOutcome OnEnding(PendingJob job, JobOutcome outcome) => faults.Explain(outcome);

    /// <inheritdoc/>
    public Exception OnFailing(PendingJob job, Exception exception) => faults.Explain(exception);

    /// <inheritdoc/>
    public void OnEnded(PendingJob job) => log.CountEnd();

    /// <inheritdoc/>
    public void OnReceived(PendingJob job) => Durable.OnReceived(job);

    /// <inheritdoc/>
    public void RequestAcceptance(PendingJob job) => inner.RequestAcceptance(job);

    /// <inheritdoc/>
    public void CancelJob(long job) => inner.CancelJob(job);

    /// <inheritdoc/>
    public Task WithdrawJobAsync(JobId job) => inner.WithdrawJobAsync(job);

    /// <inheritdoc/>
    public void ForgetWithdrawal(JobId job) => inner.ForgetWithdrawal(job);

    /// <inheritdoc/>
    public Task<bool> QueryIsRunningAsync(JobId job) => inner.QueryIsRunningAsync(job);

    /// <inheritdoc/>
    public void AskProgress() => inner.AskProgress();

    /// <inheritdoc/>
    public void SignalWorker(ExecutorId worker, WorkerSignal signal) => inner.SignalWorker(worker, signal);

    /// <inheritdoc/>
    public Task<SharedReference> ShareContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.ShareContentAsync(content, cancellationToken);

    /// <inheritdoc/>
    public void DropShared(PayloadId id) => inner.DropShared(id);

    /// <inheritdoc/>
    public void RequireOpen()
    {
        try
        {
            inner.RequireOpen();
        }
        catch (Exception exception) when (faults.Explain(exception) is var explained && explained != exception)
        {
            throw explained;
        }
    }

    /// <inheritdoc/>
    public void AttachJobs(IReadOnlyCollection<PendingJob> jobs) => Durable.AttachJobs(jobs);

    /// <inheritdoc/>
    public Task DetachClientAsync() => Durable.DetachClientAsync();

    /// <inheritdoc/>
    public Task UnloadPoolAsync() => Durable.UnloadPoolAsync();

    /// <inheritdoc/>
    public void Close(bool cancelPending) => inner.Close(cancelPending);

    /// <inheritdoc/>
    public void Terminate() => inner.Terminate();

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync()
    {
        await inner.ReleaseAsync().ConfigureAwait(false);
        faults.EndRun();
        Released?.Invoke();
    }
}
