using System.Buffers.Binary;
using System.Net.Sockets;

namespace Actors.Messages.Executors;

/// <summary>A received frame.</summary>
public readonly record struct Frame(FrameKind Kind, ReadOnlyMemory<byte> Body)
{
    public FrameReader CreateReader() => new(Body);
}

/// <summary>
/// Splits the bytes from a socket into frames. Small frames that arrive together are read with one system call. Each frame has its own
/// memory for the body, so that values can be slices of it. Not thread-safe.
/// </summary>
/// <param name="socket">The socket.</param>
/// <param name="isPeerTrusted">Whether the peer is the node of this worker. Its frames are allocated at once.</param>
/// <param name="budget">The memory for the large frames of all workers; null for no limit.</param>
public sealed class FrameStream(ExecutorSocket socket, bool isPeerTrusted = false, FrameBudget? budget = null)
{
    private const int ReceiveSize = 64 * 1024;
    private const int HeaderLength = sizeof(int) + 1;

    /// <summary>The growth factor of the memory for a large body, at which each byte is copied less than once on average.</summary>
    private const int Growth = 4;

    private byte[] _received = new byte[ReceiveSize];
    private FrameBudget.Reservation? _reservation;
    private int _start;
    private int _end;

    /// <summary>Waits for the next frame.</summary>
    /// <returns>False if the peer has closed the connection.</returns>
    public bool TryRead(out Frame frame) => TryRead(out frame, ExecutorProtocol.MaxFrameLength);

    /// <summary>Waits for the next frame of at most <paramref name="longest"/> bytes. The last frame was processed.</summary>
    /// <returns>False if the peer has closed the connection.</returns>
    /// <exception cref="InvalidDataException">The frame announces more bytes, or takes too long while others wait for memory.</exception>
    public bool TryRead(out Frame frame, int longest)
    {
        frame = default;
        ReleaseMemory();
        if (!FillBuffer(HeaderLength))
            return false;
        var length = PeekLength();
        var kind = (FrameKind)_received[_start + sizeof(int)];
        longest = Math.Min(longest, FrameLimits.GetLimit(kind));
        if (length < 1 || length > longest)
            throw new InvalidDataException($"A frame of kind {kind} announces {length} bytes; at most {longest} are allowed.");
        _start += HeaderLength;
        if (!TryReadOwnBody(length, out var body))
            return false;
        _reservation?.SetArrived();
        frame = new Frame(kind, body);
        return true;
    }

    /// <summary>The last frame was processed, or no frame is read any more.</summary>
    public void ReleaseMemory()
    {
        _reservation?.Dispose();
        _reservation = null;
    }

    /// <exception cref="InvalidDataException">The frame takes too long while others wait for memory.</exception>
    private bool TryReadOwnBody(int length, out byte[] body)
    {
        try
        {
            if (TryReadBody(length - 1, out body))
                return true;
            // The socket, which is disposed on another thread, may report the end of the connection.
            return _reservation is { IsAbandoned: true } ? throw Abandon(length, null) : false;
        }
        catch (Exception exception) when (_reservation?.IsAbandoned == true && exception is SocketException or ObjectDisposedException)
        {
            throw Abandon(length, exception);
        }
    }

    private InvalidDataException Abandon(int length, Exception? cause)
    {
        ReleaseMemory();
        return new InvalidDataException(
            $"A frame of {length} bytes did not arrive in time, and frames of other workers wait for its memory.", cause);
    }

    /// <summary>
    /// Reads the body. The length is only announced, so the allocation grows with the received bytes, unless the peer is trusted.
    /// </summary>
    private bool TryReadBody(int length, out byte[] body)
    {
        body = length == 0
            ? []
            : GC.AllocateUninitializedArray<byte>(isPeerTrusted ? length : Math.Min(length, FrameLimits.FirstAllocation));
        var arrived = 0;
        while (TryCopyTo(body.AsSpan(arrived)))
        {
            if (body.Length == length)
                return true;
            _reservation ??= budget?.Reserve(length, socket.Dispose);
            arrived = body.Length;
            var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(length, (long)Growth * arrived));
            body.CopyTo(larger, 0);
            body = larger;
        }

        return false;
    }

    private int PeekLength() => BinaryPrimitives.ReadInt32LittleEndian(_received.AsSpan(_start));

    private bool FillBuffer(int count)
    {
        if (_end - _start >= count)
            return true;
        _received.AsSpan(_start, _end - _start).CopyTo(_received);
        _end -= _start;
        _start = 0;
        while (_end < count)
        {
            var read = socket.ReceiveBytes(_received.AsSpan(_end));
            if (read == 0)
                return false;
            _end += read;
        }

        return true;
    }

    private bool TryCopyTo(Span<byte> body)
    {
        var buffered = Math.Min(_end - _start, body.Length);
        _received.AsSpan(_start, buffered).CopyTo(body);
        _start += buffered;
        body = body[buffered..];
        while (!body.IsEmpty)
        {
            var read = socket.ReceiveBytes(body);
            if (read == 0)
                return false;
            body = body[read..];
        }

        return true;
    }
}
