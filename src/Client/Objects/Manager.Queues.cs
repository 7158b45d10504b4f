using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects.Queues;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>Creates a queue, as Python's <c>manager.Queue(maxsize)</c>.</summary>
    /// <param name="capacity">The capacity; 0, the default, is unlimited.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="NotCarriedException"><typeparamref name="T"/> cannot be serialized.</exception>
    public async Task<ManagedQueue<T>> CreateQueueAsync<T>(int capacity = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ValueSerializer.RequireCarried<T>();
        return new ManagedQueue<T>(await CreateAsync(ObjectKind.Queue, capacity, [], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Creates a queue that returns the newest item first, as a <c>LifoQueue</c> behind a Python manager.</summary>
    /// <inheritdoc cref="CreateQueueAsync{T}"/>
    public async Task<ManagedQueue<T>> CreateLifoQueueAsync<T>(int capacity = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ValueSerializer.RequireCarried<T>();
        return new ManagedQueue<T>(await CreateAsync(ObjectKind.LifoQueue, capacity, [], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Creates a queue that returns the element of lowest priority first, as a <c>PriorityQueue</c> behind a Python manager.
    /// </summary>
    /// <param name="capacity">The capacity; 0, the default, is unlimited.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The coordinator cannot compare values of <typeparamref name="TPriority"/>.</exception>
    /// <exception cref="NotCarriedException"><typeparamref name="TElement"/> cannot be serialized.</exception>
    public async Task<ManagedPriorityQueue<TElement, TPriority>> CreatePriorityQueueAsync<TElement, TPriority>(
        int capacity = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ValueSerializer.RequireCarried<TElement>();
        OrderedBytes.RequireOrdered(typeof(TPriority));
        return new ManagedPriorityQueue<TElement, TPriority>(
            await CreateAsync(ObjectKind.PriorityQueue, capacity, [], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Blocking form of <see cref="CreateLifoQueueAsync{T}"/>.</summary>
    public ManagedQueue<T> CreateLifoQueue<T>(int capacity = 0) => CreateLifoQueueAsync<T>(capacity).WaitForResult();

    /// <summary>Blocking form of <see cref="CreatePriorityQueueAsync{TElement, TPriority}"/>.</summary>
    public ManagedPriorityQueue<TElement, TPriority> CreatePriorityQueue<TElement, TPriority>(int capacity = 0) =>
        CreatePriorityQueueAsync<TElement, TPriority>(capacity).WaitForResult();

    /// <summary>Blocking form of <see cref="CreateQueueAsync{T}"/>.</summary>
    public ManagedQueue<T> CreateQueue<T>(int capacity = 0) => CreateQueueAsync<T>(capacity).WaitForResult();
}
