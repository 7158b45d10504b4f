using System.Diagnostics;
using System.Net.Sockets;

namespace Actors.Messages.Executors;

/// <summary>
/// One end of the socket between an executor and its node. Most of what a small message costs is system calls and the waking of its reader:
/// nothing is asked of the system that the next call answers as well, and while the other end answers at once it is looked out for a moment
/// before the thread is put to sleep. One thread at a time sends, one receives; disposing wakes who waits.
/// </summary>
internal sealed class ExecutorSocket : IDisposable
{
    private static readonly TimeSpan SpinTime = TimeSpan.FromMicroseconds(20);
    private static readonly TimeSpan FastReplyTime = TimeSpan.FromMicroseconds(100);

    private readonly Socket _socket;
    private bool _isPeerFast;

    /// <param name="socket">Connected; it is this one's from here on.</param>
    public ExecutorSocket(Socket socket)
    {
        _socket = socket;
        _socket.Blocking = false;
    }

    /// <summary>How long to wait for the other end at most; for ever by default.</summary>
    public TimeSpan ReceiveTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Waits for bytes and takes what is there.</summary>
    /// <returns>How many; 0 when the other end has closed.</returns>
    /// <exception cref="SocketException">The connection broke, or nothing came in time.</exception>
    public int ReceiveBytes(Span<byte> into)
    {
        var began = Stopwatch.GetTimestamp();
        if (!_isPeerFast || !TryReceiveSpinning(into, began, out var count))
            count = ReceiveBlocking(into);
        _isPeerFast = Stopwatch.GetElapsedTime(began) < FastReplyTime;
        return count;
    }

    /// <summary>Sends as much as there is room for now, and never waits.</summary>
    /// <returns>How many bytes were sent.</returns>
    /// <exception cref="SocketException">The connection broke.</exception>
    public int SendAvailable(ReadOnlySpan<byte> bytes)
    {
        var sent = _socket.Send(bytes, SocketFlags.None, out var error);
        return error is SocketError.Success or SocketError.WouldBlock ? sent : throw new SocketException((int)error);
    }

    /// <summary>Sends all of it, waiting for room.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    public void SendBytes(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            bytes = bytes[SendAvailable(bytes)..];
            if (bytes.IsEmpty)
                return;
            _socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectWrite);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>The core is offered to whoever wants it all the while.</summary>
    private bool TryReceiveSpinning(Span<byte> into, long began, out int count)
    {
        while (!TryReceive(into, out count))
        {
            if (Stopwatch.GetElapsedTime(began) >= SpinTime)
                return false;
            Thread.Yield();
        }

        return true;
    }

    /// <summary>By waiting for bytes alone: a thread that waits inside the receiving call is also woken whenever the other end takes what was sent.</summary>
    private int ReceiveBlocking(Span<byte> into)
    {
        int count;
        do
        {
            if (!_socket.Poll(ReceiveTimeout, SelectMode.SelectRead))
                throw new SocketException((int)SocketError.TimedOut);
        }
        while (!TryReceive(into, out count));
        return count;
    }

    private bool TryReceive(Span<byte> into, out int count)
    {
        count = _socket.Receive(into, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => true,
            SocketError.WouldBlock => false,
            _ => throw new SocketException((int)error),
        };
    }
}
