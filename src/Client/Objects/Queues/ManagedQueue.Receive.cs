using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

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
        ReadReceived(_proxy.Call<QueueReceive, LeaseReply>(default, timeout, cancellationToken)) ?? throw CreateEmptyException(timeout);

    /// <inheritdoc cref="Receive"/>
    public async Task<ReceivedItem<T>> ReceiveAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        ReadReceived(await _proxy.CallAsync<QueueReceive, LeaseReply>(default, timeout, cancellationToken).ConfigureAwait(false))
            ?? throw CreateEmptyException(timeout);

    /// <summary>Tries to receive the first item, at once or within the timeout. Otherwise it works as <see cref="Receive"/>.</summary>
    /// <returns>The item; null when none was available.</returns>
    public ReceivedItem<T>? TryReceive(TimeSpan timeout = default) =>
        ReadReceived(_proxy.Call<QueueReceive, LeaseReply>(default, timeout));

    /// <inheritdoc cref="TryReceive"/>
    public async Task<ReceivedItem<T>?> TryReceiveAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        ReadReceived(await _proxy.CallAsync<QueueReceive, LeaseReply>(default, timeout, cancellationToken).ConfigureAwait(false));

    private ReceivedItem<T>? ReadReceived(LeaseReply reply)
    {
        if (reply.Status != ObjectStatus.Ok)
            return null;
        try
        {
            return new ReceivedItem<T>(_proxy, reply.Lease, DecodeItem(reply.Item), reply.DeliveryCount);
        }
        catch
        {
            // The caller gets no item that it could dispose.
            _proxy.Tell(new QueueReturn(reply.Lease));
            throw;
        }
    }
}
