using System.Diagnostics;
using System.Net.Sockets;

namespace Actors.Messages.Executors;

/// <summary>
/// One end of the socket between a worker and its node. System calls and thread wake-ups dominate the cost of a small message. So no
/// separate call waits for data that is already there, and while the peer replies fast the reader spins briefly before it blocks. One
/// thread at a time may send, and one receive. Disposing wakes blocked threads.
/// </summary>
public sealed class ExecutorSocket : IDisposable
{
    private static readonly TimeSpan SpinTime = TimeSpan.FromMicroseconds(20);
    private static readonly TimeSpan FastReplyTime = TimeSpan.FromMicroseconds(100);

    private readonly Socket _socket;
    private bool _isPeerFast;
    private long _began;
    private TimeSpan _deadline = Timeout.InfiniteTimeSpan;

    /// <param name="socket">The connected socket. This object disposes it.</param>
    public ExecutorSocket(Socket socket)
    {
        _socket = socket;
        _socket.Blocking = false;
    }

    /// <summary>Limits the time in which this socket waits for data, from now on and in all. Default: no limit.</summary>
    /// <param name="after">The time; infinite for no limit.</param>
    public void SetReceiveDeadline(TimeSpan after) => (_began, _deadline) = (Stopwatch.GetTimestamp(), after);

    /// <summary>Waits for data and reads it.</summary>
    /// <returns>The number of bytes; 0 if the peer has closed the connection.</returns>
    /// <exception cref="SocketException">The connection failed, or no data came before the deadline.</exception>
    public int ReceiveBytes(Span<byte> into)
    {
        var began = Stopwatch.GetTimestamp();
        if (!_isPeerFast || !TryReceiveSpinning(into, began, out var count))
            count = ReceiveBlocking(into);
        _isPeerFast = Stopwatch.GetElapsedTime(began) < FastReplyTime;
        return count;
    }

    /// <summary>Sends as many bytes as the socket accepts without waiting.</summary>
    /// <returns>The number of bytes that were sent.</returns>
    /// <exception cref="SocketException">The connection failed.</exception>
    public int SendAvailable(ReadOnlySpan<byte> bytes)
    {
        var sent = _socket.Send(bytes, SocketFlags.None, out var error);
        return error is SocketError.Success or SocketError.WouldBlock ? sent : throw new SocketException((int)error);
    }

    /// <summary>Sends all bytes. Waits until the socket accepts them.</summary>
    /// <exception cref="SocketException">The connection failed.</exception>
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

    /// <summary>Spins for a short time. Each iteration yields the core to other threads.</summary>
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

    /// <summary>
    /// Blocks until data arrives. It polls, because a thread that blocks in the receiving call also wakes whenever the peer reads the sent
    /// data.
    /// </summary>
    private int ReceiveBlocking(Span<byte> into)
    {
        int count;
        do
        {
            if (!_socket.Poll(GetTimeLeft(), SelectMode.SelectRead))
                throw new SocketException((int)SocketError.TimedOut);
        }
        while (!TryReceive(into, out count));
        return count;
    }

    private TimeSpan GetTimeLeft()
    {
        if (_deadline == Timeout.InfiniteTimeSpan)
            return _deadline;
        var left = _deadline - Stopwatch.GetElapsedTime(_began);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
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
