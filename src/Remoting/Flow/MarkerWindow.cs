namespace Actors.Remoting.Flow;

/// <summary>
/// Counts the bytes of messages that a receiver has not handled. Mailboxes and connections have no limit of their own, and report nothing
/// about handled messages. A marker with a number follows the messages, and its answer confirms all messages before it. Not thread-safe.
/// </summary>
/// <param name="size">The bytes above which the window is full. One larger message may exceed it.</param>
/// <param name="unmarked">The bytes above which a marker is due. Null for half of the size.</param>
public sealed class MarkerWindow(long size, long? unmarked = null)
{
    private long _size = size;
    private long _sent;
    private long _handled;
    private bool _hasMarker;

    /// <summary>Whether the sender must wait.</summary>
    public bool IsFull => Unhandled > _size;

    /// <summary>The bytes of the messages that are not handled.</summary>
    public long Unhandled => _sent - _handled;

    /// <summary>Changes the bytes above which the window is full.</summary>
    public void Resize(long size) => _size = size;

    /// <summary>Adds the bytes of a message.</summary>
    public void Add(long bytes) => _sent += bytes;

    /// <summary>Gets the number of the marker that must be sent now. Null if an earlier one is not answered, or if none is due.</summary>
    public long? TakeDueMarker()
    {
        if (_hasMarker || Unhandled <= (unmarked ?? _size / 2))
            return null;
        _hasMarker = true;
        return _sent;
    }

    /// <summary>The receiver has answered a marker.</summary>
    /// <returns>False for a number that was not sent, or whose answer is known.</returns>
    public bool TryAcknowledge(long marker)
    {
        if (marker <= _handled || marker > _sent)
            return false;
        (_handled, _hasMarker) = (marker, false);
        return true;
    }

    /// <summary>Forgets the marker that is not answered, which may be lost. Another one is due.</summary>
    public void ForgetMarker() => _hasMarker = false;
}
