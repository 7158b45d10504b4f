using System.Buffers.Binary;
using System.Net.Sockets;

namespace Actors.Connections;

/// <summary>
/// Messages over a socket, each after its length in four bytes, big-endian. One sender and one receiver at a time. A canceled receive loses
/// nothing: the next one
/// goes on with what has arrived.
/// </summary>
internal sealed class FrameStream(Socket socket) : IDisposable
{
    private const int HeaderLength = sizeof(int);
    private const int UnseenLength = 64 * 1024;

    private readonly byte[] _header = new byte[HeaderLength];
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private int _headerRead;
    private byte[] _body = [];
    private int _bodyRead;

    /// <summary>Sends a message. A cancellation part way closes the stream, as the other side could not tell where the next message
    /// begins.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // In one write: a header on its own would wait for the other side's acknowledgement.
        var frame = new byte[HeaderLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, message.Length);
        message.CopyTo(frame.AsMemory(HeaderLength));
        try
        {
            await _stream.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Dispose();
            throw;
        }
    }

    /// <exception cref="MessageTooLongException">The message is longer; it stays to be received, and nothing was allocated for
    /// it.</exception>
    /// <exception cref="EndOfStreamException">The other side closed.</exception>
    /// <exception cref="InvalidDataException">It is longer than any message: the stream is closed.</exception>
    public async Task<byte[]> ReceiveAsync(int most, CancellationToken cancellationToken)
    {
        var length = await ReadLengthAsync(most, cancellationToken).ConfigureAwait(false);
        // Takes memory as the bytes come, not as they are announced.
        while (_bodyRead < length)
        {
            if (_bodyRead == _body.Length)
                Array.Resize(ref _body, (int)Math.Min(length, Math.Max(UnseenLength, 2L * _bodyRead)));
            _bodyRead += await ReadAsync(_body.AsMemory(_bodyRead), cancellationToken).ConfigureAwait(false);
        }

        var message = _body;
        Forget();
        return message;
    }

    /// <inheritdoc cref="ReceiveAsync(int, CancellationToken)"/>
    /// <returns>The length of the message, which is at the beginning of the buffer.</returns>
    public async Task<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var length = await ReadLengthAsync(buffer.Length, cancellationToken).ConfigureAwait(false);
        _body.AsMemory(0, _bodyRead).CopyTo(buffer);
        var read = _bodyRead;
        try
        {
            while (read < length)
                read += await ReadAsync(buffer[read..length], cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            (_body, _bodyRead) = (buffer[..read].ToArray(), read);
            throw;
        }

        Forget();
        return length;
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

    private async Task<int> ReadLengthAsync(int most, CancellationToken cancellationToken)
    {
        await ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt32BigEndian(_header);
        if (length > Connection.LargestMessage)
        {
            Dispose();
            throw new InvalidDataException($"The other side announces a message of {length:N0} bytes: this is no connection of this library.");
        }

        return length <= most ? (int)length : throw new MessageTooLongException(length, most);
    }

    private async Task<int> ReadAsync(Memory<byte> body, CancellationToken cancellationToken)
    {
        var read = await _stream.ReadAsync(body, cancellationToken).ConfigureAwait(false);
        return read > 0 ? read : throw new EndOfStreamException("The other side of the connection closed in the middle of a message.");
    }

    private void Forget() => (_headerRead, _body, _bodyRead) = (0, [], 0);
}
