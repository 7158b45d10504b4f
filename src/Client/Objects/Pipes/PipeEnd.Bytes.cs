using Actors.Messages.Objects.Kinds;

namespace Actors;

public sealed partial class PipeEnd<T>
{
    /// <summary>Receives the next message as bytes, as Python's <c>recv_bytes(maxlength)</c>. Blocks the thread.</summary>
    /// <exception cref="MessageTooLongException">
    /// The message is longer than <paramref name="maxLength"/>; it can still be received.
    /// </exception>
    /// <inheritdoc cref="Receive"/>
    public byte[] ReceiveBytes(int maxLength = int.MaxValue, CancellationToken cancellationToken = default) =>
        RequireReceived(ReceiveMessage(ToLimit(maxLength), cancellationToken), maxLength).ToArray();

    /// <inheritdoc cref="ReceiveBytes(int, CancellationToken)"/>
    public async Task<byte[]> ReceiveBytesAsync(int maxLength = int.MaxValue, CancellationToken cancellationToken = default) =>
        RequireReceived(await ReceiveMessageAsync(ToLimit(maxLength), cancellationToken).ConfigureAwait(false), maxLength).ToArray();

    /// <summary>Receives the next message into a buffer, as Python's <c>recv_bytes_into(buffer)</c>. Blocks the thread.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="cancellationToken">Ends the wait; the message can still be received.</param>
    /// <returns>The length of the message in bytes.</returns>
    /// <exception cref="MessageTooLongException">
    /// The message is longer than the buffer; it can still be received, into a buffer of its <c>Length</c>.
    /// </exception>
    /// <exception cref="EndOfStreamException">The other end is closed, and all its messages were received.</exception>
    /// <exception cref="InvalidOperationException">The end is send-only.</exception>
    public int ReceiveBytes(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        CopyTo(buffer, ReceiveMessage(buffer.Length, cancellationToken));

    /// <inheritdoc cref="ReceiveBytes(Memory{byte}, CancellationToken)"/>
    public async Task<int> ReceiveBytesAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        CopyTo(buffer, await ReceiveMessageAsync(buffer.Length, cancellationToken).ConfigureAwait(false));

    private static long ToLimit(int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        return maxLength;
    }

    private static int CopyTo(Memory<byte> buffer, MessageReply reply)
    {
        var message = RequireReceived(reply, buffer.Length);
        message.CopyTo(buffer);
        return message.Length;
    }
}
