using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Delivery;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// The messages of a pool about ended jobs, which are handled once and in order, and the message about its own end. Not thread-safe.
/// </summary>
internal sealed class EndMessages
{
    /// <summary>The number of unacknowledged messages after which a separate acknowledgment is sent.</summary>
    private const int MaxUnacknowledged = 16;

    private readonly MessageSequence<PoolProtocol.JobsEnded> _ended = new();
    private PoolProtocol.PoolFinished? _finished;
    private long _acknowledged;

    /// <summary>Whether a message is missing before others that have arrived.</summary>
    public bool HasGap => _ended.HasGap;

    /// <summary>Whether a received message was not acknowledged.</summary>
    public bool HasUnacknowledged => _acknowledged < _ended.Last;

    /// <summary>Whether so many messages were received that they are acknowledged now.</summary>
    public bool IsAcknowledgmentDue => _ended.Last - _acknowledged >= MaxUnacknowledged;

    /// <summary>Whether the pool has ended, and no message is missing.</summary>
    public bool AreComplete => _finished is { } finished && finished.LastEnded <= _ended.Last;

    /// <summary>Decides whether to handle a message. After true, call <see cref="TryAcceptEarly"/> until it returns false.</summary>
    /// <returns>True for the next message in order; false for a duplicate or a message that must wait.</returns>
    public bool TryAccept(PoolProtocol.JobsEnded message) => _ended.TryAccept(message.Number, message);

    /// <summary>Takes the next message if it arrived early.</summary>
    public bool TryAcceptEarly([MaybeNullWhen(false)] out PoolProtocol.JobsEnded message) => _ended.TryAcceptEarly(out message);

    /// <summary>Records that the received messages are acknowledged now.</summary>
    /// <returns>The number of the last one.</returns>
    public long Acknowledge() => _acknowledged = _ended.Last;

    /// <summary>Records that the pool has ended.</summary>
    /// <returns>False when that was known.</returns>
    public bool TryFinish(PoolProtocol.PoolFinished finished)
    {
        var isFirst = _finished is null;
        _finished = finished;
        return isFirst;
    }

    /// <summary>Forgets the end of the pool, which confirms another request with the same message.</summary>
    public void ForgetEnd() => _finished = null;

    /// <summary>Starts the numbers again, for a pool that does not know this connection.</summary>
    public void Reset()
    {
        _ended.Clear();
        (_finished, _acknowledged) = (null, 0);
    }
}
