using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Objects;

namespace Actors;

/// <summary>
/// An item that this process has received with <see cref="ManagedQueue{T}.Receive"/>. No other process receives it meanwhile. Acknowledge
/// it when it is processed. Disposing it before returns it to its position in the queue. It does not count toward the capacity of the
/// queue. Not thread-safe.
/// </summary>
/// <typeparam name="T">The item type.</typeparam>
public sealed class ReceivedItem<T> : IDisposable, IAsyncDisposable
{
    private readonly ObjectProxy _proxy;
    private readonly long _lease;
    private Stage _stage = Stage.Held;

    // It is sent once: the object cannot tell a repeated acknowledgment from one of an item that it took back.
    private Task<ObjectStatus>? _acknowledgment;

    internal ReceivedItem(ObjectProxy proxy, long lease, T value, int deliveryCount) =>
        (_proxy, _lease, Value, DeliveryCount) = (proxy, lease, value, deliveryCount);

    /// <summary>Gets the item.</summary>
    public T Value { get; }

    /// <summary>
    /// Gets how often the item was delivered, this time included: 1 for the first time. An item with a high count may crash its consumers.
    /// </summary>
    public int DeliveryCount { get; }

    /// <summary>
    /// Removes the item from the queue, because it is processed. It also counts as done; see <see cref="ManagedQueue{T}.Join"/>. A durable
    /// queue has written this when the call returns. Does nothing when called again. Blocks for a round trip.
    /// </summary>
    /// <exception cref="ItemReturnedException">
    /// The item has returned to the queue, because it received nothing from this process. It is delivered again.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The item was disposed, and has returned to the queue.</exception>
    public void Acknowledge()
    {
        if (!NeedsAcknowledgment())
            return;
        RequireHeld(IsAcknowledging
            ? _acknowledgment.GetAwaiter().GetResult()
            : _proxy.Call(new QueueAcknowledge(_lease)));
    }

    /// <inheritdoc cref="Acknowledge"/>
    /// <param name="cancellationToken">
    /// Cancels the wait, not the acknowledgment. Call this method again to wait for the same acknowledgment.
    /// </param>
    public async Task AcknowledgeAsync(CancellationToken cancellationToken = default)
    {
        if (!NeedsAcknowledgment())
            return;
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsAcknowledging)
            _acknowledgment = _proxy.CallAsync(new QueueAcknowledge(_lease), null, CancellationToken.None).AsTask();
        RequireHeld(await _acknowledgment.WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Returns the item to its position in the queue unless an acknowledgment was sent. Does nothing when called again, or when the queue,
    /// its coordinator or its store was lost. Blocks for a round trip.
    /// </summary>
    public void Dispose()
    {
        if (TryReturn())
            _proxy.ReturnHold(new QueueReturn(_lease));
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (TryReturn())
            await _proxy.ReturnHoldAsync(new QueueReturn(_lease)).ConfigureAwait(false);
    }

    /// <summary>Whether an acknowledgment was sent and has not failed.</summary>
    [MemberNotNullWhen(true, nameof(_acknowledgment))]
    private bool IsAcknowledging => _acknowledgment is { IsFaulted: false };

    private bool TryReturn()
    {
        if (_stage != Stage.Held || IsAcknowledging)
            return false;
        _stage = Stage.Returned;
        return true;
    }

    private bool NeedsAcknowledgment()
    {
        ObjectDisposedException.ThrowIf(_stage == Stage.Returned, this);
        return _stage == Stage.Held;
    }

    private void RequireHeld(ObjectStatus status)
    {
        _stage = status == ObjectStatus.NotHeld ? Stage.Returned : Stage.Acknowledged;
        if (_stage == Stage.Returned)
            throw new ItemReturnedException();
    }

    private enum Stage
    {
        Held,
        Acknowledged,
        Returned,
    }
}
