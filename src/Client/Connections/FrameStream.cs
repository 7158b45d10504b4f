using System.Buffers.Binary;
using System.Net.Sockets;

namespace Actors.Connections;

/// <summary>Messages over a socket, each after its length in four bytes, big-endian. One sender and one receiver at a time.</summary>
internal sealed class FrameStream(Socket socket) : IDisposable
{
    private const int HeaderLength = sizeof(int);
    private const int UnseenLength = 64 * 1024;

    private readonly byte[] _header = new byte[HeaderLength];
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private int _headerRead;

    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        // In one write: a header on its own would wait for the other side's acknowledgement.
        var frame = new byte[HeaderLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, message.Length);
        message.CopyTo(frame.AsMemory(HeaderLength));
        await _stream.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="MessageTooLongException">It is longer; it was not read, and nothing was allocated for it.</exception>
    /// <exception cref="EndOfStreamException">The other side closed.</exception>
    /// <exception cref="InvalidDataException">It is longer than any message: the stream is closed.</exception>
    public async Task<byte[]> ReceiveAsync(int most, CancellationToken cancellationToken)
    {
        await ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt32BigEndian(_header);
        if (length > Connection.LargestMessage)
        {
            Dispose();
            throw new InvalidDataException($"The other side announces a message of {length:N0} bytes: this is no connection of this library.");
        }

        if (length > most)
            throw new MessageTooLongException(length, most);
        var message = await ReadBodyAsync((int)length, cancellationToken).ConfigureAwait(false);
        _headerRead = 0;
        return message;
    }

    /// <summary>Takes memory as the bytes come, not as they are announced.</summary>
    private async Task<byte[]> ReadBodyAsync(int length, CancellationToken cancellationToken)
    {
        var body = new byte[Math.Min(length, UnseenLength)];
        for (var read = 0; read < length;)
        {
            if (read == body.Length)
                Array.Resize(ref body, (int)Math.Min(length, 2L * read));
            var more = await _stream.ReadAsync(body.AsMemory(read), cancellationToken).ConfigureAwait(false);
            if (more == 0)
                throw new EndOfStreamException("The other side of the connection closed in the middle of a message.");
            read += more;
        }

        return body;
    }

    /// <summary>Waits until a message begins, which stays to be received.</summary>
    public async Task ReadHeaderAsync(CancellationToken cancellationToken)
    {
        while (_headerRead < HeaderLength)
        {
            var read = await _stream.ReadAsync(_header.AsMemory(_headerRead), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException("The other side of the connection is closed.");
            _headerRead += read;
        }
    }

    public void Dispose() => _stream.Dispose();
}
