using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// Makes up for messages that were lost between client and pool. Submissions are numbered and kept until the pool has them; while jobs are
/// outstanding and nothing
/// comes, client and pool compare what they believe.
/// </summary>
internal sealed partial class PoolSession
{
    /// <summary>How many messages about ended jobs may be unacknowledged before they are acknowledged by a message of its own.</summary>
    private const int MostUnacknowledged = 16;

    private readonly Queue<Submission> _unaccepted = new();
    private readonly HashSet<JobId> _cancelRequests = [];
    private readonly HashSet<JobId> _attached = [];
    private long _submitted;
    private long _lastWanted;
    private long _comparedAt;
    private long _lastEnded;
    private long _acknowledged;
    private long _progress;
    private bool _isWatched;

    /// <summary>Whether the pool has ended as it was told to, and has nothing left to say.</summary>
    internal bool IsEndExpected
    {
        get
        {
            lock (_submitting)
                return _lastWord is not null && _pending.Count == 0;
        }
    }

    /// <summary>Changes whenever something has come from the pool.</summary>
    internal long Progress => Volatile.Read(ref _progress);

    /// <summary>Whether a lost message would not show by itself: it is compared even while jobs end.</summary>
    internal bool HasRequests
    {
        get
        {
            lock (_submitting)
                return _cancelRequests.Count > 0;
        }
    }

    /// <summary>Takes what the pool says of ended jobs.</summary>
    /// <param name="outcomes">Those whose results are here.</param>
    /// <param name="ended">The message, which is the next in its order.</param>
    internal void Ended(ImmutableArray<JobOutcome> outcomes, PoolProtocol.Ended ended)
    {
        // First: a caller that goes on from here acknowledges it with its next job.
        Volatile.Write(ref _lastEnded, ended.Number);
        Ended(outcomes);
        if (ended.Number - Volatile.Read(ref _acknowledged) >= MostUnacknowledged)
            Acknowledge();
        if (_spec.IsDurable)
            return;
        lock (_submitting)
            ForgetAccepted(ended.Submitted);
    }

    /// <summary>Tells the pool which messages have come, unless it knows.</summary>
    internal void Acknowledge()
    {
        var last = Volatile.Read(ref _lastEnded);
        if (Interlocked.Exchange(ref _acknowledged, last) < last)
            _pool.Tell(new PoolProtocol.Acknowledge(last), _self);
    }

    /// <summary>Tells the pool what this client believes; it answers with <see cref="PoolProtocol.Compared"/>.</summary>
    internal void Compare()
    {
        lock (_submitting)
        {
            if (_isLooking)
                return;
            (_comparedAt, _acknowledged) = (_submitted, Volatile.Read(ref _lastEnded));
            _pool.Tell(new PoolProtocol.Compare(_acknowledged, [.. _cancelRequests]), _self);
            if (_attached.Count > 0)
                _pool.Tell(new PoolProtocol.Attach([.. _attached]), _self);
        }
    }

    /// <summary>Sends again what the pool does not have.</summary>
    internal void Compared(PoolProtocol.Compared compared)
    {
        lock (_submitting)
        {
            if (_isLooking)
                return;
            ForgetAccepted(_spec.IsDurable ? compared.Accepted : compared.Submitted);
            // Later ones may be on their way.
            foreach (var lost in _unaccepted.Where(sent => sent.Number > compared.Submitted && sent.Number <= _comparedAt))
                Send(lost, wantsWord: true);
            if (_lastWanted <= (_spec.IsDurable ? compared.Accepted : compared.Submitted))
                _underWay = false;
            SendGathered();
            SayLastAgain(compared.Ending);
        }
    }

    /// <summary>Stops watching when nothing is outstanding.</summary>
    /// <returns>Whether something is.</returns>
    internal bool IsWatching()
    {
        lock (_submitting)
            return _isWatched = _pending.Count > 0 || _lastWord is not null;
    }

    private void ForgetRequests(PendingJob job)
    {
        if (job is { IsCancelled: false, HasPlace: true })
            return;
        lock (_submitting)
        {
            _cancelRequests.Remove(job.Id);
            _attached.Remove(job.Id);
        }
    }

    /// <summary>Something is outstanding from now on.</summary>
    private void Watch()
    {
        if (_isWatched)
            return;
        _isWatched = true;
        _self.Tell(PoolSessionActor.WatchJobs.Instance);
    }

    private void Submit(ImmutableArray<JobSpec> jobs, bool wantsWord)
    {
        var submission = new Submission(++_submitted, jobs);
        _unaccepted.Enqueue(submission);
        Send(submission, wantsWord);
        Watch();
    }

    private void Send(Submission submission, bool wantsWord)
    {
        if (wantsWord)
            _lastWanted = submission.Number;
        _acknowledged = Volatile.Read(ref _lastEnded);
        _pool.Tell(new PoolProtocol.Submit(submission.Jobs, wantsWord, submission.Number, _acknowledged), _self);
    }

    /// <summary>The pool needs them no more from here.</summary>
    private void ForgetAccepted(long number)
    {
        while (_unaccepted.TryPeek(out var first) && first.Number <= number)
            ForgetFirst();
    }

    private void ForgetFirst()
    {
        if (_unaccepted.TryDequeue(out _) && _spec.IsDurable)
            _unwrittenTaken.Accepted();
    }

    /// <summary>The pool is another one, or does not know this client any more.</summary>
    private void CountAnew() => (_submitted, _lastWanted, _comparedAt, _lastEnded, _acknowledged, _isWatched) = (0, 0, 0, 0, 0, false);

    private void SayLastAgain(PoolProtocol.PoolEnding ending)
    {
        var isKnown = _lastWord switch
        {
            PoolProtocol.Close => ending >= PoolProtocol.PoolEnding.Closed,
            PoolProtocol.Terminate => ending >= PoolProtocol.PoolEnding.Ending,
            _ => false,
        };
        if (_lastWord is not null && !isKnown)
            _pool.Tell(_lastWord, _self);
    }

    /// <summary>Jobs that were sent to the pool in one message.</summary>
    private readonly record struct Submission(long Number, ImmutableArray<JobSpec> Jobs);
}
