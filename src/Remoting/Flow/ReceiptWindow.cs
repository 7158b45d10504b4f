using System.Security.Cryptography;

namespace Actors.Remoting.Flow;

/// <summary>
/// Counts the bytes of messages that another program has not received. The markers that follow them are random numbers: a program that does
/// not read its connection cannot answer them. Not thread-safe.
/// </summary>
/// <param name="size">The bytes above which the window is full. One larger message may exceed it.</param>
/// <param name="unmarked">The bytes above which a marker is due. Null for half of the size.</param>
public sealed class ReceiptWindow(long size, long? unmarked = null)
{
    private readonly MarkerWindow _window = new(size, unmarked);
    private long _sent;
    private long? _marker;

    /// <summary>Whether the sender must wait.</summary>
    public bool IsFull => _window.IsFull;

    /// <summary>The bytes of the messages that were not received, as far as known.</summary>
    public long Unread => _window.Unhandled;

    /// <summary>Adds the bytes of a message that was sent.</summary>
    public void Add(long bytes) => _window.Add(bytes);

    /// <summary>Gets the marker that must be sent now. Null if an earlier one is not answered, or if none is due.</summary>
    public long? TakeDueMarker()
    {
        if (_window.TakeDueMarker() is not { } sent)
            return null;
        _sent = sent;
        return _marker = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    }

    /// <summary>The other program has answered a marker.</summary>
    /// <returns>False if the marker was not sent, or is not the last one.</returns>
    public bool TryAcknowledge(object? marker)
    {
        if (marker is not long answered || answered != _marker || !_window.TryAcknowledge(_sent))
            return false;
        _marker = null;
        return true;
    }

    /// <summary>Forgets the marker that is not answered, which may be lost. Another one is due.</summary>
    public void ForgetMarker() => _window.ForgetMarker();
}
