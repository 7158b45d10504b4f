using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// The client's side of a pool: numbers jobs, decides which messages the pool receives, and ends every job once although messages and
/// connections are lost. Has no actor, no clock and no threads: commands come in, <see cref="TryTakeEffect"/> returns the actions. Not
/// thread-safe.
/// </summary>
internal sealed partial class ClientPoolState(ClientPoolRules rules)
{
    private readonly Dictionary<long, PendingJob> _jobs = [];
    private readonly SubmissionQueue _queue = new(rules.IsRemote);
    private readonly Queue<ClientPoolEffect> _effects = new();
    private readonly HashSet<JobId> _uploading = [];
    private readonly SessionIds _ids = new(rules.IsDurable);
    private readonly CancelRequests _cancels = new();
    private readonly ClientPoolEnding _ending = new();

    // Requested until the jobs have ended.
    private readonly HashSet<JobId> _attached = [];
    private ClientPoolPhase _phase;
    private bool _isFinishReported;

    /// <summary>The number of unfinished jobs.</summary>
    public int PendingJobs => _jobs.Count;

    /// <summary>The number of jobs that may not be accepted: those without an outcome, and those that ended with the session.</summary>
    public int UnacceptedJobs => _unacceptedAtEnd + _jobs.Values.Count(static job => !job.IsAccepted);

    /// <summary>The range of ids of this session in a durable pool; negative before it is known.</summary>
    public long Range => _ids.Range;

    /// <summary>The reason why the pool failed; null while it has not.</summary>
    public Exception? Failure => _ending.Failure;

    /// <summary>The id of the last submitted job; in a durable pool of the last accepted one. 0 for none.</summary>
    public long LastJob => _ids.LastReported;

    /// <summary>The id of the next submitted job.</summary>
    public JobId NextJob => _ids.Next;

    /// <summary>The first handle of each unfinished job.</summary>
    public IReadOnlyCollection<PendingJob> Jobs => _jobs.Values;

    /// <summary>Whether the pool was open at some time.</summary>
    public bool WasOpen => _phase != ClientPoolPhase.Opening;

    /// <summary>Whether the session has ended.</summary>
    public bool HasEnded => _phase == ClientPoolPhase.Ended;

    /// <summary>Whether messages reach the pool.</summary>
    public bool IsConnected => _phase == ClientPoolPhase.Open;

    /// <summary>Whether the pool was lost and is opened again.</summary>
    public bool IsReconnecting => _phase == ClientPoolPhase.Disconnected;

    /// <summary>Takes the next action, in order.</summary>
    public bool TryTakeEffect([MaybeNullWhen(false)] out ClientPoolEffect effect)
    {
        if (_effects.TryDequeue(out effect))
            return true;
        // Each message may be the last one that a closed pool owes: outcomes, its end, or the jobs that existed before.
        var hasFinished = HasFinished;
        effect = hasFinished && !_isFinishReported ? ClientPoolEffect.FinishSession.Instance : null;
        _isFinishReported = hasFinished;
        return effect is not null;
    }

    /// <summary>Finds the first handle of an unfinished job; null for none.</summary>
    public PendingJob? FindJob(JobId job) => _jobs.GetValueOrDefault(job.Value);

    /// <summary>Returns the reason why no job is accepted; null when jobs are accepted.</summary>
    public Exception? FindRefusal() => _ending.Refusal ?? (_ids.IsExhausted
        ? new InvalidOperationException(
            $"This program has submitted {SessionRange.Size - 1:N0} jobs to the durable pool '{rules.Name}', which is the limit. Open the "
            + "pool again.")
        : null);

    /// <summary>Assigns an id to a job. <see cref="SendJob"/> follows.</summary>
    /// <returns>The job for the pool.</returns>
    public JobSpec AddJob(PendingJob job, FunctionRef function, ReadOnlyMemory<byte> arguments, JobPolicy policy)
    {
        job.Id = _ids.AssignNext();
        _keys.OnJobAdded(policy);
        var spec = new JobSpec(job.Id, function, arguments, policy);
        job.Spec = rules.RetainsJobs ? spec : null;
        _jobs.Add(job.Id.Value, job);
        return spec;
    }

    /// <summary>Sends a job, or queues it while another message is in transit or the pool is disconnected.</summary>
    public void SendJob(JobSpec job)
    {
        if (!rules.NeedsUpload(job.Arguments))
        {
            _queue.AddJob(job);
            SendWaiting();
        }
        else if (_phase == ClientPoolPhase.Open)
        {
            StartUpload(job, hasSlot: true);
        }
        else
        {
            _effects.Enqueue(new ClientPoolEffect.ReleaseUploadSlot());
        }
    }

    /// <summary>Cancels a job. The cancellation of a job that was not sent follows the job.</summary>
    public void CancelJob(PendingJob job)
    {
        job.IsCanceled = true;
        if (CancelUpload(job.Id))
            return;
        if (IsSent(job.Id))
            CancelSent(job.Id);
        else
            _cancels.AddUnsentCancellation(job.Id);
    }

    /// <summary>Asks whether a worker runs the job.</summary>
    /// <returns>False when the pool does not know the job, or is disconnected.</returns>
    public bool QueryJob(JobId job)
    {
        if (!IsSent(job) || _phase != ClientPoolPhase.Open)
            return false;
        Send(new PoolProtocol.QueryJob(job));
        return true;
    }

    /// <summary>Cancels a job unless it has started. The withdrawal of a job that was not sent follows the job.</summary>
    public void WithdrawJob(JobId job)
    {
        if (CancelUpload(job))
            return;
        if (IsSent(job))
            SendWithdrawal([job]);
        else
            _cancels.AddUnsentWithdrawal(job);
    }

    /// <summary>Attaches to jobs that were accepted earlier. A job may have several handles in this program.</summary>
    /// <returns>The jobs that the pool cannot know.</returns>
    /// <exception cref="InvalidOperationException">The session has ended, or waits for the acceptance of a job.</exception>
    public IReadOnlyList<PendingJob> AttachJobs(IReadOnlyCollection<PendingJob> jobs)
    {
        if (HasEnded || _ending.IsFinished)
        {
            throw new InvalidOperationException(
                $"Cannot attach to {jobs.FirstOrDefault()?.Call}: the durable pool '{rules.Name}' has ended in this program. Open it "
                + "again by its name first.",
                _ending.Reason);
        }

        if (jobs.Select(job => FindJob(job.Id)).FirstOrDefault(static first => first is { IsAccepted: false }) is { } early)
        {
            throw new InvalidOperationException(
                $"Cannot attach to {early.Call}: this program has submitted it, and does not know whether it is accepted. Use the "
                + "existing handle, or await its acceptance first.");
        }

        var unknown = jobs.Where(job => _ids.IsUnassigned(job.Id)).ToList();
        AttachNewHandles([.. jobs.Except(unknown).Where(job => !TryAddHandle(job))]);
        return unknown;
    }

    private void AttachNewHandles(ImmutableArray<PendingJob> jobs)
    {
        if (jobs.IsEmpty)
            return;
        foreach (var job in jobs)
            MarkAttached(job);
        foreach (var part in SplitIds([.. jobs.Select(job => job.Id)]))
            Send(new PoolProtocol.AttachToJobs(part));
        StartComparing();
    }

    /// <summary>Adds a handle of a job that has one in this program, or the first handle.</summary>
    /// <returns>Whether the job had a handle, to which its outcome is sent anyway.</returns>
    private bool TryAddHandle(PendingJob job)
    {
        if (_jobs.TryAdd(job.Id.Value, job))
            return false;
        var first = _jobs[job.Id.Value];
        (job.Next, first.Next) = (first.Next, job);
        return true;
    }

    /// <summary>Ends the jobs of a message that was too large to be sent.</summary>
    public void OnSubmitDiscarded(PoolProtocol.SubmitJobs submit, string reason)
    {
        if (!_queue.TryEmptyMessage(submit.Number, submit.Jobs))
            return;
        var failure = FailureConverter.ToFailure(new PayloadTooLargeException(reason));
        EndLocally([.. submit.Jobs.Select(job => new JobOutcome(job.Id, JobStatus.Refused, default, failure, 0))]);
        SendSubmission(new Submission(submit.Number, [], HasKeys: false), submit.WantsReply);
    }

    /// <summary>Sends a job after the upload of its arguments. Later jobs may have been sent before it.</summary>
    /// <returns>False when the job has ended, or is uploaded again to another pool.</returns>
    public bool OnUploaded(JobSpec job)
    {
        if (!_uploading.Remove(job.Id))
            return false;
        _queue.DelayJob(job.Id);
        _queue.AddJob(job);
        SendWaiting();
        CloseWhenSent();
        return true;
    }

    /// <summary>Ends a job whose upload failed.</summary>
    public void OnUploadFailed(JobId job, Exception exception)
    {
        if (!_uploading.Remove(job))
            return;
        EndLocally([new JobOutcome(job, JobStatus.Refused, default, FailureConverter.ToFailure(exception), 0)]);
        CloseWhenSent();
    }

    /// <summary>Whether a job was sent. Jobs whose arguments are uploaded follow later ones.</summary>
    private bool IsSent(JobId job) => (_queue.WasSent(job) && !_uploading.Contains(job)) || !_ids.IsOwn(job);

    /// <summary>Sends a message, unless the pool is disconnected: requests are repeated when it is open again.</summary>
    private void Send(IWireMessage message)
    {
        if (_phase == ClientPoolPhase.Open)
            _effects.Enqueue(new ClientPoolEffect.SendMessage(message));
    }

    private void EndLocally(ImmutableArray<JobOutcome> outcomes) =>
        _effects.Enqueue(new ClientPoolEffect.EndJobs(outcomes));

    private void StartUpload(JobSpec job, bool hasSlot)
    {
        _uploading.Add(job.Id);
        _effects.Enqueue(new ClientPoolEffect.StartUpload(job, hasSlot));
    }

    /// <returns>True when the upload was still running.</returns>
    private bool CancelUpload(JobId job)
    {
        if (!_uploading.Remove(job))
            return false;
        _effects.Enqueue(new ClientPoolEffect.CancelUpload(job));
        EndLocally([new JobOutcome(job, JobStatus.Canceled, default, null, 0)]);
        CloseWhenSent();
        return true;
    }

    private void CancelTransfers()
    {
        _uploading.Clear();
        _effects.Enqueue(new ClientPoolEffect.CancelTransfers());
    }

    private void CancelSent(JobId job)
    {
        // The job may have ended before the cancellation.
        if (_jobs.ContainsKey(job.Value))
            _cancels.AddRepeated(job);
        Send(new PoolProtocol.CancelJobs([job]));
    }

    private void MarkAttached(PendingJob job)
    {
        job.IsAttached = true;
        _attached.Add(job.Id);
    }
}
