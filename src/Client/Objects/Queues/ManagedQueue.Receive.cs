using System.Buffers.Binary;
using Actors.Messages.Objects;

namespace Actors;

public sealed partial class ManagedQueue<T>
{
    /// <summary>
    /// Receives the first item, which stays reserved for this process until it is acknowledged. An item that is not acknowledged returns to
    /// its position when it is disposed, when this process ends, or when a durable queue receives nothing from it for 6 s. Blocks
    /// the thread while the queue is empty. Python has no counterpart.
    /// </summary>
    /// <exception cref="QueueEmptyException">The queue stayed empty for the timeout.</exception>
    public ReceivedItem<T> Receive(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        ReadReceived(_proxy.Call(ObjectOperation.ReceiveItem, timeout, 1, [], cancellationToken)) ?? throw CreateEmptyException(timeout);

    /// <inheritdoc cref="Receive"/>
    public async Task<ReceivedItem<T>> ReceiveAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        ReadReceived(await _proxy.CallAsync(ObjectOperation.ReceiveItem, timeout, 1, [], cancellationToken).ConfigureAwait(false))
            ?? throw CreateEmptyException(timeout);

    /// <summary>Tries to receive the first item, at once or within the timeout. Otherwise it works as <see cref="Receive"/>.</summary>
    /// <returns>The item; null when none was available.</returns>
    public ReceivedItem<T>? TryReceive(TimeSpan timeout = default) =>
        ReadReceived(_proxy.Call(ObjectOperation.ReceiveItem, timeout, 1, [], default));

    /// <inheritdoc cref="TryReceive"/>
    public async Task<ReceivedItem<T>?> TryReceiveAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        ReadReceived(await _proxy.CallAsync(ObjectOperation.ReceiveItem, timeout, 1, [], cancellationToken).ConfigureAwait(false));

    private ReceivedItem<T>? ReadReceived(ObjectReply reply)
    {
        if (reply.Status != ObjectStatus.Ok)
            return null;
        try
        {
            var deliveries = BinaryPrimitives.ReadInt32LittleEndian(reply.Payloads[1].Span);
            return new ReceivedItem<T>(_proxy, reply.Number, DecodeItem(reply.Payloads[0]), deliveries);
        }
        catch
        {
            // The caller gets no item that it could dispose.
            _proxy.Tell(ObjectOperation.ReturnItem, reply.Number);
            throw;
        }
    }
}
