using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// Handles each message about ended jobs once and in order, and repairs the loss of messages: while jobs are outstanding and no message
/// arrives, client and pool compare their states.
/// </summary>
internal sealed partial class ClientPoolState
{
    private readonly EndMessages _ends = new();
    private readonly ComparisonPace _pace = new();

    /// <summary>Whether <see cref="OnCompareTick"/> will be called. May be read at any time.</summary>
    public bool IsComparing => _pace.IsRunning;

    /// <summary>Whether the pool has ended and owes no further message.</summary>
    public bool HasFinished => _ends.AreComplete && !AwaitsAttachedJobs && !AwaitsKeyedJobs;

    /// <summary>Whether the pool has not said which jobs exist, for which this program may have to wait.</summary>
    private bool AwaitsKeyedJobs => _keys.IsUsed && _ending.Request == ClientPoolEnd.Closed && _queue.Unaccepted.Any(_keys.IsAwaited);

    /// <summary>
    /// Whether attached jobs have no outcome. A durable pool that has ended still answers for them, because the request or its answer may
    /// have been lost. A program that terminates the pool does not wait for the jobs of other programs.
    /// </summary>
    private bool AwaitsAttachedJobs => _attached.Count > 0 && !_ending.IsFinal;

    /// <summary>Whether the pool still owes something: later jobs may wait for the acceptance of a submission.</summary>
    private bool HasOutstanding => _jobs.Count > 0 || _acceptance.IsInTransit || (_ending.IsRequested && !HasFinished);

    /// <summary>Handles a message about ended jobs, and those that arrived before it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="ended">Receives each outcome with its job. The caller ends the job.</param>
    public void OnJobsEnded(PoolProtocol.JobsEnded message, List<EndedJob> ended)
    {
        if (message.Number == 0)
        {
            TakeEnded(message.Outcomes, ended);
        }
        else if (_ends.TryAccept(message))
        {
            TakeMessage(message, ended);
            while (_ends.TryAcceptEarly(out var early))
                TakeMessage(early, ended);
        }
    }

    /// <summary>The pool has ended. Unless <see cref="HasFinished"/>, the missing messages are requested.</summary>
    public void OnFinished(PoolProtocol.PoolFinished finished)
    {
        // The answer to a comparison repeats this message.
        if (_ends.TryFinish(finished) && !HasFinished)
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
        _acceptance.OnCompared(known);
        SendWaiting();
        var knownEnd = _ending.Request == ClientPoolEnd.Closed ? PoolProtocol.PoolEnding.Closed : PoolProtocol.PoolEnding.Ending;
        if (_ending.IsRequested && (_ending.Request == ClientPoolEnd.Detached || compared.Ending < knownEnd))
            SendEndRequest();
    }

    /// <summary>Acknowledges, and compares if no message has arrived since the last call.</summary>
    /// <returns>The time until the next call; null when nothing is outstanding.</returns>
    public TimeSpan? OnCompareTick()
    {
        AcknowledgeEnded();
        SendDueAcks();
        var hasOutstanding = HasOutstanding;
        if (!hasOutstanding && !_receipts.HasReceived)
        {
            _pace.Stop();
            return null;
        }

        var (pause, isQuiet) = _pace.OnTick();
        // The loss of a cancellation would stay unnoticed while other jobs end.
        if ((isQuiet || _ends.HasGap || _cancels.HasRepeated) && hasOutstanding)
            SendComparison();
        return pause;
    }

    /// <summary>Starts the comparison, because something is outstanding.</summary>
    public void StartComparing()
    {
        if (_phase == ClientPoolPhase.Open && _pace.TryStart() is { } pause)
            _effects.Enqueue(new ClientPoolEffect.StartComparing(pause));
    }

    private void TakeMessage(PoolProtocol.JobsEnded message, List<EndedJob> ended)
    {
        TakeEnded(message.Outcomes, ended);
        if (_ends.IsAcknowledgmentDue)
            AcknowledgeEnded();
        if (!rules.IsDurable)
            ForgetAccepted(message.Submitted);
    }

    /// <summary>Acknowledges the received messages, unless a submission did.</summary>
    private void AcknowledgeEnded()
    {
        if (_ends.HasUnacknowledged)
            Send(new PoolProtocol.AcknowledgeJobsEnded(_ends.Acknowledge()));
    }

    /// <summary>Sends the state of this client; the pool answers with <see cref="PoolProtocol.ComparePoolReply"/>.</summary>
    private void SendComparison()
    {
        if (_phase != ClientPoolPhase.Open)
            return;
        _queue.MarkCompared();
        Send(new PoolProtocol.ComparePool(_ends.Acknowledge(), _cancels.Repeated));
        SendAttached();
        // A pool that this client has left does not answer a comparison. It confirms a repeated request.
        if (_ending.Request == ClientPoolEnd.Detached)
            SendEndRequest();
    }

    /// <summary>Whether a submission, or the answer about its keys, was lost. Later submissions may be in transit.</summary>
    private bool IsLost(Submission sent, PoolProtocol.ComparePoolReply compared) => _queue.WasCompared(sent)
        && (sent.Number > compared.Submitted || (sent.Number <= compared.Accepted && _keys.IsAwaited(sent)));
}
