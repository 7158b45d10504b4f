using System.Buffers.Binary;

namespace Actors.Messages.Executors;

/// <summary>One received frame.</summary>
internal readonly record struct Frame(FrameKind Kind, ReadOnlyMemory<byte> Body)
{
    public FrameReader Read() => new(Body);
}

/// <summary>
/// Cuts what comes from a socket into frames. Small frames that arrive together are read with one system call; the body of a frame is
/// its own memory, so that values can be slices of it. One thread at a time.
/// </summary>
internal sealed class FrameStream(ExecutorSocket socket)
{
    private const int ReceiveSize = 64 * 1024;
    private const int HeaderLength = sizeof(int) + 1;

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
        if (!Fill(HeaderLength))
            return false;
        var length = PeekLength();
        if (length < 1 || length > longest)
            throw new InvalidDataException($"A frame announces {length} bytes; at most {longest} are taken.");
        var kind = (FrameKind)_received[_start + sizeof(int)];
        _start += HeaderLength;
        var body = length == 1 ? [] : GC.AllocateUninitializedArray<byte>(length - 1);
        if (!TakeInto(body))
            return false;
        frame = new Frame(kind, body);
        return true;
    }

    private int PeekLength() => BinaryPrimitives.ReadInt32LittleEndian(_received.AsSpan(_start));

    private bool Fill(int count)
    {
        if (_end - _start >= count)
            return true;
        _received.AsSpan(_start, _end - _start).CopyTo(_received);
        _end -= _start;
        _start = 0;
        while (_end < count)
        {
            var read = socket.Receive(_received.AsSpan(_end));
            if (read == 0)
                return false;
            _end += read;
        }

        return true;
    }

    private bool TakeInto(Span<byte> body)
    {
        var buffered = Math.Min(_end - _start, body.Length);
        _received.AsSpan(_start, buffered).CopyTo(body);
        _start += buffered;
        body = body[buffered..];
        while (!body.IsEmpty)
        {
            var read = socket.Receive(body);
            if (read == 0)
                return false;
            body = body[read..];
        }

        return true;
    }
}
