using Actors.Messages.Objects;

namespace Actors;

public sealed partial class PipeEnd<T>
{
    /// <summary>Receives the next message as it is, waiting for one, as Python's <c>recv_bytes(maxlength)</c>. Blocks the thread.</summary>
    /// <exception cref="MessageTooLongException">It is longer than <paramref name="maxLength"/>; it can still be received.</exception>
    /// <inheritdoc cref="Receive"/>
    public byte[] ReceiveBytes(int maxLength = int.MaxValue, CancellationToken cancellationToken = default) =>
        Taken(Call(ObjectOperation.PipeReceive, null, WithLimit(maxLength), cancellationToken), maxLength).ToArray();

    /// <inheritdoc cref="ReceiveBytes(int, CancellationToken)"/>
    public async Task<byte[]> ReceiveBytesAsync(int maxLength = int.MaxValue, CancellationToken cancellationToken = default)
    {
        var reply = await CallAsync(ObjectOperation.PipeReceive, null, WithLimit(maxLength), cancellationToken).ConfigureAwait(false);
        return Taken(reply, maxLength).ToArray();
    }

    /// <summary>Receives the next message into memory of the caller, waiting for one, as Python's <c>recv_bytes_into(buffer)</c>. Blocks
    /// the thread.</summary>
    /// <param name="buffer">Where the message goes, from the start.</param>
    /// <param name="cancellationToken">Ends the wait; the message can still be received.</param>
    /// <returns>How many bytes the message has.</returns>
    /// <exception cref="MessageTooLongException">The message is longer than the buffer; it can still be received, into a buffer of its
    /// <c>Length</c>.</exception>
    /// <exception cref="EndOfStreamException">The other end is closed and everything that it sent was received.</exception>
    /// <exception cref="InvalidOperationException">The end only sends.</exception>
    public int ReceiveBytes(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        CopyTo(buffer, Call(ObjectOperation.PipeReceive, null, WithLimit(buffer.Length), cancellationToken));

    /// <inheritdoc cref="ReceiveBytes(Memory{byte}, CancellationToken)"/>
    public async Task<int> ReceiveBytesAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        CopyTo(buffer, await CallAsync(
            ObjectOperation.PipeReceive, null, WithLimit(buffer.Length), cancellationToken).ConfigureAwait(false));

    private long WithLimit(int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        return _end + (2 * (maxLength + 1L));
    }

    private static int CopyTo(Memory<byte> buffer, ObjectReply reply)
    {
        var message = Taken(reply, buffer.Length);
        message.CopyTo(buffer);
        return message.Length;
    }
}
