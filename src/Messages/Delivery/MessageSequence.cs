using System.Diagnostics.CodeAnalysis;

namespace Actors.Messages.Delivery;

/// <summary>
/// The receiving end of <see cref="UnacknowledgedMessages{T}"/>. It accepts every message once and in order, even if messages arrive
/// repeatedly or out of order. Messages after a lost one are stored until that one is sent again. Not thread-safe.
/// </summary>
/// <typeparam name="T">The type of the messages.</typeparam>
/// <param name="measure">Gets the size of a message in bytes, if the sender is not trusted; null for no limit of bytes.</param>
public sealed class MessageSequence<T>(Func<T, long>? measure = null)
{
    /// <summary>The most messages after a lost one that are stored. Further ones are sent again.</summary>
    private const int MaxEarly = 4096;

    /// <summary>The most bytes of these messages, if they are measured.</summary>
    private const long MaxEarlyBytes = 1 << 20;

    private Dictionary<long, (T Message, long Size)>? _early;
    private long _earlyBytes;

    /// <summary>The number of the last accepted message, which is the acknowledgment.</summary>
    public long Last { get; private set; }

    /// <summary>Whether a message is missing before others that have arrived.</summary>
    public bool HasGap => _early is { Count: > 0 };

    /// <summary>Decides whether to accept a message. After true, call <see cref="TryAcceptEarly"/> until it returns false.</summary>
    /// <returns>True for the next message in order; false for a duplicate or a message that must wait.</returns>
    public bool TryAccept(long number, T message)
    {
        if (number == Last + 1)
        {
            Last = number;
            TryRemoveEarly(number, out _);
            return true;
        }

        if (number > Last)
            AddEarly(number, message);
        return false;
    }

    /// <summary>Accepts the next message if it arrived early.</summary>
    public bool TryAcceptEarly([MaybeNullWhen(false)] out T message)
    {
        if (!TryRemoveEarly(Last + 1, out message))
            return false;
        Last++;
        return true;
    }

    /// <summary>Resets the sequence for another sender.</summary>
    public void Clear()
    {
        (_early, _earlyBytes, Last) = (null, 0, 0);
    }

    private void AddEarly(long number, T message)
    {
        _early ??= [];
        if (_early.Count >= MaxEarly || _early.ContainsKey(number))
            return;
        var size = measure?.Invoke(message) ?? 0;
        if (size > MaxEarlyBytes - _earlyBytes)
            return;
        _early.Add(number, (message, size));
        _earlyBytes += size;
    }

    private bool TryRemoveEarly(long number, [MaybeNullWhen(false)] out T message)
    {
        message = default;
        if (_early is null || !_early.Remove(number, out var early))
            return false;
        message = early.Message;
        _earlyBytes -= early.Size;
        return true;
    }
}
