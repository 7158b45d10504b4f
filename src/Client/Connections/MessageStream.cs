using System.Buffers.Binary;
using System.Net.Sockets;

namespace Actors.Connections;

/// <summary>
/// Sends and receives messages over a socket: four bytes of big-endian length, then the body. For one sender and one receiver at a time. A
/// canceled receive loses nothing: the next one continues with the received part.
/// </summary>
internal sealed class MessageStream(Socket socket) : IDisposable
{
    private const int HeaderLength = sizeof(int);
    private const int UnseenLength = 64 * 1024;

    private readonly byte[] _header = new byte[HeaderLength];
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private int _headerRead;
    private byte[] _body = [];
    private int _bodyRead;

    /// <summary>
    /// Sends a message. A cancellation halfway closes the stream, because the peer could not find the start of the next message.
    /// </summary>
    public async Task SendMessageAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // One write: a separate header would wait for the TCP acknowledgment of the peer.
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

    /// <exception cref="MessageTooLongException">
    /// The message is longer. It stays to be received, and no memory was allocated for it.
    /// </exception>
    /// <exception cref="EndOfStreamException">The peer closed the connection.</exception>
    /// <exception cref="InvalidDataException">The announced length exceeds any message; the stream is closed.</exception>
    public async Task<byte[]> ReceiveMessageAsync(int most, CancellationToken cancellationToken)
    {
        var length = await ReadLengthAsync(most, cancellationToken).ConfigureAwait(false);
        // Allocates as bytes arrive, not by the announced length.
        while (_bodyRead < length)
        {
            if (_bodyRead == _body.Length)
                Array.Resize(ref _body, (int)Math.Min(length, Math.Max(UnseenLength, 2L * _bodyRead)));
            _bodyRead += await ReadBodyAsync(_body.AsMemory(_bodyRead), cancellationToken).ConfigureAwait(false);
        }

        var message = _body;
        ClearMessage();
        return message;
    }

    /// <inheritdoc cref="ReceiveMessageAsync(int, CancellationToken)"/>
    /// <returns>The length of the message, which starts at the beginning of the buffer.</returns>
    public async Task<int> ReceiveMessageAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var length = await ReadLengthAsync(buffer.Length, cancellationToken).ConfigureAwait(false);
        _body.AsMemory(0, _bodyRead).CopyTo(buffer);
        var read = _bodyRead;
        try
        {
            while (read < length)
                read += await ReadBodyAsync(buffer[read..length], cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            (_body, _bodyRead) = (buffer[..read].ToArray(), read);
            throw;
        }

        ClearMessage();
        return length;
    }

    /// <summary>Waits until a message begins, without receiving it.</summary>
    public async Task ReadHeaderAsync(CancellationToken cancellationToken)
    {
        while (_headerRead < HeaderLength)
        {
            var read = await _stream.ReadAsync(_header.AsMemory(_headerRead), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException("The peer closed the connection.");
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
            throw new InvalidDataException(
                $"The peer announced a message of {length:N0} bytes and uses another protocol: the connection was closed.");
        }

        return length <= most ? (int)length : throw new MessageTooLongException(length, most);
    }

    private async Task<int> ReadBodyAsync(Memory<byte> body, CancellationToken cancellationToken)
    {
        var read = await _stream.ReadAsync(body, cancellationToken).ConfigureAwait(false);
        return read > 0 ? read : throw new EndOfStreamException("The peer closed the connection in the middle of a message.");
    }

    private void ClearMessage() => (_headerRead, _body, _bodyRead) = (0, [], 0);
}
