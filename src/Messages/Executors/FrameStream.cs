using System.Buffers.Binary;

namespace Actors.Messages.Executors;

/// <summary>One received frame.</summary>
internal readonly record struct Frame(FrameKind Kind, ReadOnlyMemory<byte> Body)
{
    public FrameReader CreateReader() => new(Body);
}

/// <summary>
/// Cuts what comes from a socket into frames. Small frames that arrive together are read with one system call; the body of a frame is
/// its own memory, so that values can be slices of it. One thread at a time.
/// </summary>
/// <param name="socket">The socket.</param>
/// <param name="isPeerTrusted">Whether the peer is the node of this worker: its frames get their memory at once.</param>
internal sealed class FrameStream(ExecutorSocket socket, bool isPeerTrusted = false)
{
    private const int ReceiveSize = 64 * 1024;
    private const int HeaderLength = sizeof(int) + 1;

    /// <summary>The growth factor of a large body's memory. A byte is copied less than once on average.</summary>
    private const int Growth = 4;

    private byte[] _received = new byte[ReceiveSize];
    private int _start;
    private int _end;

    /// <summary>Whether a whole frame lies here already: reading it will not wait.</summary>
    public bool HasBufferedFrame => _end - _start >= HeaderLength && _end - _start - sizeof(int) >= PeekLength();

    /// <summary>Waits for the next frame.</summary>
    /// <returns>False when the other end has closed.</returns>
    public bool TryRead(out Frame frame) => TryRead(out frame, ExecutorProtocol.MaxFrameLength);

    /// <summary>Waits for the next frame, which may have so many bytes.</summary>
    /// <returns>False when the other end has closed.</returns>
    /// <exception cref="InvalidDataException">It announces more.</exception>
    public bool TryRead(out Frame frame, int longest)
    {
        frame = default;
        if (!FillBuffer(HeaderLength))
            return false;
        var length = PeekLength();
        var kind = (FrameKind)_received[_start + sizeof(int)];
        longest = Math.Min(longest, FrameLimits.GetLimit(kind));
        if (length < 1 || length > longest)
            throw new InvalidDataException($"A frame of kind {kind} announces {length} bytes; at most {longest} are taken.");
        _start += HeaderLength;
        if (!TryReadBody(length - 1, out var body))
            return false;
        frame = new Frame(kind, body);
        return true;
    }

    /// <summary>Allocates at most a few times what has arrived, unless the peer is trusted: the length is only announced.</summary>
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
