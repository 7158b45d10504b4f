using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <summary>A connected session of a durable pool.</summary>
/// <param name="link">The connection to the client.</param>
/// <param name="session">The session, as written when the client connected.</param>
public sealed class SessionLink(ClientLink link, LedgerSession session)
{
    private readonly Queue<(long Ended, Action Answer)> _answers = new();

    public ClientLink Link => link;

    public SessionId Id => session.Id;

    /// <summary>The range of the session's job ids.</summary>
    public long Range => session.Range;

    /// <summary>The code of its jobs.</summary>
    public BundleId Bundle => session.Bundle;

    /// <summary>The last job that was accepted, also if that is not written.</summary>
    public JobId LastJournaled { get; set; } = session.LastJob;

    /// <summary>The memory of the accepted jobs that are not written.</summary>
    public long UnwrittenBytes { get; set; }

    /// <summary>Whether the client submits no more jobs, and waits for the end of its jobs.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Whether the client has canceled all its jobs.</summary>
    public bool IsTerminated { get; set; }

    /// <summary>Why the jobs of the session cannot run. Null while they can.</summary>
    public FailureInfo? Failure { get; set; }

    /// <summary>
    /// Answers a submission after the earlier ones, and after the client has received outcomes: a job whose refusal is lost must not count
    /// as accepted.
    /// </summary>
    /// <param name="ended">The number of the message with the outcomes; 0 for none.</param>
    /// <param name="answer">Sends the answer.</param>
    public void AnswerAfter(long ended, Action answer)
    {
        _answers.Enqueue((ended, answer));
        SendAnswers();
    }

    /// <summary>Sends the answers that wait for received outcomes.</summary>
    public void SendAnswers()
    {
        while (_answers.TryPeek(out var next) && next.Ended <= link.LastReceived)
            _answers.Dequeue().Answer();
    }
}
