using System.Buffers.Binary;
using System.Text;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Data;

/// <summary>The directions of a transfer. The numbers are part of the protocol.</summary>
public enum DataDirection : byte
{
    /// <summary>The peer sends a content to the coordinator.</summary>
    Put = 1,

    /// <summary>The coordinator sends a content to the peer.</summary>
    Get = 2,
}

/// <summary>A request of a peer.</summary>
/// <param name="Direction">The direction.</param>
/// <param name="Key">The content.</param>
/// <param name="Offset">The first byte to send, for <see cref="DataDirection.Get"/>; otherwise 0.</param>
public readonly record struct DataRequest(DataDirection Direction, DataKey Key, long Offset);

/// <summary>Thrown when the coordinator refuses a request on the data channel, or the sender cannot be trusted.</summary>
public sealed class DataRefusedException(string message) : Exception(message);

/// <summary>
/// Reads and writes the frames of a data connection:
/// <code>
/// Put (key)         ─▶                                     Get (key, offset)  ─▶
///                   ◀─  received bytes | refusal                              ◀─  length of the rest | refusal
/// the rest          ─▶                                                        ◀─  the rest
///                   ◀─  length
/// </code>
/// Numbers are big-endian. A connection that breaks is replaced by another one, which repeats the request.
/// </summary>
public static class DataFrames
{
    private const int RequestLength = 1 + DataKey.EncodedLength + sizeof(long);
    private const int AnswerLength = 1 + sizeof(long);
    private const byte Accepted = 1;
    private const byte Refused = 2;

    /// <summary>The longest text of a refusal in bytes.</summary>
    private const int MaxTextLength = 2048;

    /// <summary>Sends a request.</summary>
    public static ValueTask WriteRequestAsync(Stream stream, DataRequest request, CancellationToken cancellationToken)
    {
        var bytes = new byte[RequestLength];
        bytes[0] = (byte)request.Direction;
        request.Key.WriteTo(bytes.AsSpan(1));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1 + DataKey.EncodedLength), request.Offset);
        return stream.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Receives a request; null if the peer has closed the connection.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a request.</exception>
    public static async Task<DataRequest?> ReadRequestAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new byte[RequestLength];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 0)
            return null;
        var direction = (DataDirection)bytes[0];
        var offset = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1 + DataKey.EncodedLength));
        return read == bytes.Length && Enum.IsDefined(direction) && offset >= 0 && DataKey.TryRead(bytes.AsSpan(1)) is { } key
            ? new DataRequest(direction, key, offset)
            : throw new InvalidDataException("The peer sent a malformed request on a data connection.");
    }

    /// <summary>Accepts a request, or confirms the end of an upload.</summary>
    public static ValueTask WriteAnswerAsync(Stream stream, long length, CancellationToken cancellationToken)
    {
        var bytes = new byte[AnswerLength];
        bytes[0] = Accepted;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), length);
        return stream.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Refuses a request.</summary>
    public static ValueTask WriteRefusalAsync(Stream stream, string reason, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetBytes(reason);
        var length = Math.Min(text.Length, MaxTextLength);
        var bytes = new byte[AnswerLength + length];
        bytes[0] = Refused;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), length);
        text.AsSpan(0, length).CopyTo(bytes.AsSpan(AnswerLength));
        return stream.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Receives the answer to a request.</summary>
    /// <exception cref="DataRefusedException">The coordinator has refused the request.</exception>
    /// <exception cref="InvalidDataException">The bytes are not an answer.</exception>
    public static async Task<long> ReadAnswerAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new byte[AnswerLength];
        await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1));
        if (bytes[0] == Accepted && length >= 0)
            return length;
        if (bytes[0] != Refused || length is < 0 or > MaxTextLength)
            throw new InvalidDataException("The coordinator sent a malformed answer on a data connection.");
        var text = new byte[length];
        await stream.ReadExactlyAsync(text, cancellationToken).ConfigureAwait(false);
        throw new DataRefusedException(PrintableText.FromUtf8(text));
    }
}
