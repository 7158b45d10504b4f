using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// Repairs the loss of messages between client and pool. Submissions are numbered and retained until the pool acknowledges them. While jobs
/// are outstanding and no message arrives, client and pool compare their states.
/// </summary>
internal sealed partial class PoolSession
{
    /// <summary>The number of unacknowledged messages about ended jobs after which a separate acknowledgement is sent.</summary>
    private const int MaxUnacknowledged = 16;

    private readonly Queue<Submission> _unaccepted = new();
    private readonly HashSet<JobId> _cancelRequests = [];
    private readonly HashSet<JobId> _attached = [];
    private long _submitted;
    private long _lastToAcknowledge;
    private long _comparedAt;
    private long _lastEnded;
    private long _acknowledged;
    private long _progress;
    private bool _isWatched;

    /// <summary>Whether the pool ended on request and no outcome is missing.</summary>
    internal bool IsEndExpected
    {
        get
        {
            lock (_submitting)
                return _lastRequest is not null && _pending.Count == 0;
        }
    }

    /// <summary>
    /// Whether attached jobs have no outcome. A durable pool that has ended still answers for them, because the request or its answer may
    /// have been lost. A program that terminates the pool does not wait for the jobs of other programs.
    /// </summary>
    internal bool AwaitsAttachedJobs
    {
        get
        {
            lock (_submitting)
                return _attached.Count > 0 && !_isDetached && _lastRequest is not PoolProtocol.TerminatePool;
        }
    }

    /// <summary>Changes with every message of the pool.</summary>
    internal long Progress => Volatile.Read(ref _progress);

    /// <summary>Whether the states must be compared even while jobs end, because the loss of a request would stay unnoticed.</summary>
    internal bool HasRequests
    {
        get
        {
            lock (_submitting)
                return _cancelRequests.Count > 0;
        }
    }

    /// <summary>Handles the next message about ended jobs.</summary>
    /// <param name="outcomes">The outcomes whose payload is already in memory.</param>
    /// <param name="ended">The message, in sequence.</param>
    internal void OnJobsEnded(ImmutableArray<JobOutcome> outcomes, PoolProtocol.JobsEnded ended)
    {
        // Set first: a caller that continues from here acknowledges the message with its next job.
        Volatile.Write(ref _lastEnded, ended.Number);
        OnJobsEnded(outcomes);
        if (ended.Number - Volatile.Read(ref _acknowledged) >= MaxUnacknowledged)
            AcknowledgeEnded();
        if (_spec.IsDurable)
            return;
        lock (_submitting)
            ForgetAccepted(ended.Submitted);
    }

    /// <summary>Acknowledges the received messages, unless that was done before.</summary>
    internal void AcknowledgeEnded()
    {
        var last = Volatile.Read(ref _lastEnded);
        if (Interlocked.Exchange(ref _acknowledged, last) < last)
            _pool.Tell(new PoolProtocol.AcknowledgeJobsEnded(last), _self);
    }

    /// <summary>Sends the state of this client; the pool answers with <see cref="PoolProtocol.ComparePoolReply"/>.</summary>
    internal void SendComparison()
    {
        lock (_submitting)
        {
            if (_isReconnecting)
                return;
            (_comparedAt, _acknowledged) = (_submitted, Volatile.Read(ref _lastEnded));
            _pool.Tell(new PoolProtocol.ComparePool(_acknowledged, [.. _cancelRequests]), _self);
            SendAttached();
        }
    }

    /// <summary>Resends the submissions that the pool does not have.</summary>
    internal void OnCompared(PoolProtocol.ComparePoolReply compared)
    {
        lock (_submitting)
        {
            if (_isReconnecting)
                return;
            ForgetAccepted(_spec.IsDurable ? compared.Accepted : compared.Submitted);
            foreach (var lost in _unaccepted.Where(sent => IsLost(sent, compared)).ToList())
                SendSubmission(lost, wantsAck: true);
            if (_lastToAcknowledge <= (_spec.IsDurable ? compared.Accepted : compared.Submitted))
                _isSending = false;
            SendGathered();
            ResendLastRequestUnlessKnown(compared.Ending);
        }
    }

    /// <summary>Whether a submission, or the answer about its keys, was lost. Later submissions may be in transit.</summary>
    private bool IsLost(Submission sent, PoolProtocol.ComparePoolReply compared) => sent.Number <= _comparedAt
        && (sent.Number > compared.Submitted || (sent.Number <= compared.Accepted && AwaitsKeys(sent)));

    /// <summary>
    /// Stops the comparison when nothing is outstanding. Continues while the acceptance of a submission is missing, because later jobs wait
    /// for it.
    /// </summary>
    /// <returns>True when something is outstanding.</returns>
    internal bool IsWatching()
    {
        lock (_submitting)
            return _isWatched = HasOutstanding || HasReceivedOutcomes;
    }

    /// <summary>Whether the pool still owes something.</summary>
    internal bool HasOutstanding
    {
        get
        {
            lock (_submitting)
                return _pending.Count > 0 || _isSending || _lastRequest is not null;
        }
    }

    private void ForgetRequests(PendingJob job)
    {
        if (job is { IsCancelled: false, IsAttached: false })
            return;
        lock (_submitting)
        {
            _cancelRequests.Remove(job.Id);
            _attached.Remove(job.Id);
        }
    }

    /// <summary>Starts the comparison, because something is outstanding.</summary>
    private void StartWatching()
    {
        if (_isWatched)
            return;
        _isWatched = true;
        _self.Tell(PoolSessionActor.WatchJobs.Instance);
    }

    private void SubmitBatch(ImmutableArray<JobSpec> jobs, bool wantsAck)
    {
        var submission = new Submission(++_submitted, jobs, HasKeys: _usesKeys && jobs.Any(static job => job.Policy.Key is not null));
        _unaccepted.Enqueue(submission);
        SendSubmission(submission, wantsAck);
        StartWatching();
    }

    private void SendSubmission(Submission submission, bool wantsAck)
    {
        if (wantsAck)
            _lastToAcknowledge = submission.Number;
        _acknowledged = Volatile.Read(ref _lastEnded);
        _pool.Tell(new PoolProtocol.SubmitJobs(submission.Jobs, wantsAck, submission.Number, _acknowledged), _self);
    }

    /// <summary>Resets the counters for a pool that does not know this client.</summary>
    private void ResetCounters() =>
        (_submitted, _lastToAcknowledge, _comparedAt, _lastEnded, _acknowledged, _isWatched) = (0, 0, 0, 0, 0, false);

    private void ResendLastRequestUnlessKnown(PoolProtocol.PoolEnding ending)
    {
        var isKnown = _lastRequest switch
        {
            PoolProtocol.ClosePool => ending >= PoolProtocol.PoolEnding.Closed,
            PoolProtocol.TerminatePool => ending >= PoolProtocol.PoolEnding.Ending,
            _ => false,
        };
        if (_lastRequest is not null && !isKnown)
            TellRequest(_lastRequest);
    }

    /// <summary>Jobs that were sent to the pool in one message.</summary>
    private readonly record struct Submission(long Number, ImmutableArray<JobSpec> Jobs, bool HasKeys = false);
}
