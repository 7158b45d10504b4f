using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// Handles each message about ended jobs once and in order, and repairs the loss of messages: while jobs are outstanding and no message
/// arrives, client and pool compare their states.
/// </summary>
internal sealed partial class ClientPoolState
{
    /// <summary>The number of unacknowledged messages about ended jobs after which a separate acknowledgment is sent.</summary>
    private const int MaxUnacknowledged = 16;

    private static readonly TimeSpan ShortestPause = ProtocolTimes.ShortestComparison;
    private static readonly TimeSpan LongestPause = ProtocolTimes.LongestComparison;

    private readonly MessageSequence<PoolProtocol.JobsEnded> _ended = new();
    private PoolProtocol.PoolFinished? _finished;
    private TimeSpan _pause = ShortestPause;
    private long _acknowledged;
    private long _comparedAt;
    private long _progress;
    private long _progressSeen;
    private volatile bool _isComparing;

    /// <summary>Whether <see cref="OnCompareTick"/> will be called. May be read at any time.</summary>
    public bool IsComparing => _isComparing;

    /// <summary>Whether the pool has ended and owes no further message.</summary>
    public bool HasFinished =>
        _finished is { } finished && finished.LastEnded <= _ended.Last && !AwaitsAttachedJobs && !AwaitsKeyedJobs;

    /// <summary>Whether the pool has not said which jobs exist, for which this program may have to wait.</summary>
    private bool AwaitsKeyedJobs => _usesKeys && _end == ClientPoolEnd.Closed && _queue.Unaccepted.Any(AwaitsKeys);

    /// <summary>
    /// Whether attached jobs have no outcome. A durable pool that has ended still answers for them, because the request or its answer may
    /// have been lost. A program that terminates the pool does not wait for the jobs of other programs.
    /// </summary>
    private bool AwaitsAttachedJobs => _attached.Count > 0 && _end is not (ClientPoolEnd.Detached or ClientPoolEnd.Terminated);

    /// <summary>Whether the pool still owes something: later jobs may wait for the acceptance of a submission.</summary>
    private bool HasOutstanding => _jobs.Count > 0 || _isSending || (HasRequestedEnd && !HasFinished);

    /// <summary>Handles a message about ended jobs, and those that arrived before it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="ended">Receives each outcome with its job. The caller ends the job.</param>
    public void OnJobsEnded(PoolProtocol.JobsEnded message, List<EndedJob> ended)
    {
        if (message.Number == 0)
        {
            TakeEnded(message.Outcomes, ended);
        }
        else if (_ended.TryAccept(message.Number, message))
        {
            TakeMessage(message, ended);
            while (_ended.TryAcceptEarly(out var early))
                TakeMessage(early, ended);
        }
    }

    /// <summary>The pool has ended. Unless <see cref="HasFinished"/>, the missing messages are requested.</summary>
    public void OnFinished(PoolProtocol.PoolFinished finished)
    {
        var isRepeated = _finished is not null;
        _finished = finished;
        // The answer to a comparison repeats this message.
        if (!HasFinished && !isRepeated)
            SendComparison();
    }

    /// <summary>Resends the submissions that the pool does not have.</summary>
    public void OnCompared(PoolProtocol.ComparePoolReply compared)
    {
        if (_phase != ClientPoolPhase.Open)
            return;
        var known = rules.IsDurable ? compared.Accepted : compared.Submitted;
        ForgetAccepted(known);
        foreach (var lost in _queue.Unaccepted.Where(sent => IsLost(sent, compared)).ToList())
            SendSubmission(lost, wantsAck: true);
        if (_lastToAcknowledge <= known)
            _isSending = false;
        SendWaiting();
        var knownEnd = _end == ClientPoolEnd.Closed ? PoolProtocol.PoolEnding.Closed : PoolProtocol.PoolEnding.Ending;
        if (HasRequestedEnd && (_end == ClientPoolEnd.Detached || compared.Ending < knownEnd))
            SendEndRequest();
    }

    /// <summary>Acknowledges, and compares if no message has arrived since the last call.</summary>
    /// <returns>The time until the next call; null when nothing is outstanding.</returns>
    public TimeSpan? OnCompareTick()
    {
        AcknowledgeEnded();
        SendDueAcks();
        _isComparing = HasOutstanding || _receipts.HasReceived;
        if (!_isComparing)
            return null;
        var isQuiet = _progress == _progressSeen;
        _progressSeen = _progress;
        // The loss of a cancellation would stay unnoticed while other jobs end.
        if ((isQuiet || _ended.HasGap || _cancelRequests.Count > 0) && HasOutstanding)
            SendComparison();
        _pause = !isQuiet ? ShortestPause : 2 * _pause <= LongestPause ? 2 * _pause : _pause;
        return _pause;
    }

    /// <summary>Starts the comparison, because something is outstanding.</summary>
    public void StartComparing()
    {
        if (_isComparing || _phase != ClientPoolPhase.Open)
            return;
        _isComparing = true;
        _pause = ShortestPause;
        _effects.Enqueue(new ClientPoolEffect.StartComparing(_pause));
    }

    private void TakeMessage(PoolProtocol.JobsEnded message, List<EndedJob> ended)
    {
        TakeEnded(message.Outcomes, ended);
        if (_ended.Last - _acknowledged >= MaxUnacknowledged)
            AcknowledgeEnded();
        if (!rules.IsDurable)
            ForgetAccepted(message.Submitted);
    }

    /// <summary>Acknowledges the received messages, unless a submission did.</summary>
    private void AcknowledgeEnded()
    {
        if (_acknowledged >= _ended.Last)
            return;
        _acknowledged = _ended.Last;
        Send(new PoolProtocol.AcknowledgeJobsEnded(_acknowledged));
    }

    /// <summary>Sends the state of this client; the pool answers with <see cref="PoolProtocol.ComparePoolReply"/>.</summary>
    private void SendComparison()
    {
        if (_phase != ClientPoolPhase.Open)
            return;
        (_comparedAt, _acknowledged) = (_queue.LastNumber, _ended.Last);
        Send(new PoolProtocol.ComparePool(_acknowledged, [.. _cancelRequests]));
        SendAttached();
        // A pool that this client has left does not answer a comparison. It confirms a repeated request.
        if (_end == ClientPoolEnd.Detached)
            SendEndRequest();
    }

    /// <summary>Whether a submission, or the answer about its keys, was lost. Later submissions may be in transit.</summary>
    private bool IsLost(Submission sent, PoolProtocol.ComparePoolReply compared) => sent.Number <= _comparedAt
        && (sent.Number > compared.Submitted || (sent.Number <= compared.Accepted && AwaitsKeys(sent)));
}
