using System.Diagnostics.CodeAnalysis;

namespace Actors.Messages.Delivery;

/// <summary>
/// The receiver's side of <see cref="UnacknowledgedMessages{T}"/>: every message is taken once and in its order, however often and in
/// whichever order they
/// arrive. Messages after a lost one are kept until it has been sent again. Not thread-safe.
/// </summary>
/// <typeparam name="T">The type of the messages.</typeparam>
internal sealed class MessageSequence<T>
{
    /// <summary>How many messages after a lost one are kept; further ones are sent again.</summary>
    private const int MaxEarly = 4096;

    private Dictionary<long, T>? _early;

    /// <summary>The number of the last message that was taken: the acknowledgment.</summary>
    public long Last { get; private set; }

    /// <summary>Whether a message is missing before others that have arrived.</summary>
    public bool HasGap => _early is { Count: > 0 };

    /// <summary>Decides on a message that has arrived. After true, call <see cref="TryAcceptEarly"/> until it returns false.</summary>
    /// <returns>Whether it is the next one. False for a duplicate, and for one that has to wait.</returns>
    public bool TryAccept(long number, T message)
    {
        if (number == Last + 1)
        {
            Last = number;
            _early?.Remove(number);
            return true;
        }

        if (number > Last && (_early ??= []).Count < MaxEarly)
            _early.TryAdd(number, message);
        return false;
    }

    /// <summary>Takes the next message, if it arrived early.</summary>
    public bool TryAcceptEarly([MaybeNullWhen(false)] out T message)
    {
        message = default;
        if (_early is null || !_early.Remove(Last + 1, out message))
            return false;
        Last++;
        return true;
    }

    /// <summary>Begins anew with another sender.</summary>
    public void Clear()
    {
        _early = null;
        Last = 0;
    }
}
