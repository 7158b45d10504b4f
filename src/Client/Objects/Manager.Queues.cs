using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects.Queues;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>Makes a queue, as Python's <c>manager.Queue(maxsize)</c>.</summary>
    /// <param name="capacity">How many items it may hold; 0, the default, is any number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotCarriedException"><typeparamref name="T"/> cannot travel.</exception>
    public async Task<ManagedQueue<T>> CreateQueueAsync<T>(int capacity = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ValueSerializer.Require<T>();
        return new ManagedQueue<T>(await CreateAsync(ObjectKind.Queue, capacity, [], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Makes a queue that gives the newest item first, as a <c>LifoQueue</c> behind a Python manager.</summary>
    /// <inheritdoc cref="CreateQueueAsync{T}"/>
    public async Task<ManagedQueue<T>> CreateLifoQueueAsync<T>(int capacity = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ValueSerializer.Require<T>();
        return new ManagedQueue<T>(await CreateAsync(ObjectKind.LifoQueue, capacity, [], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Makes a queue that gives the element of the least priority first, as a <c>PriorityQueue</c> behind a Python manager.</summary>
    /// <param name="capacity">How many elements it may hold; 0, the default, is any number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The coordinator cannot compare values of <typeparamref name="TPriority"/>.</exception>
    /// <exception cref="NotCarriedException"><typeparamref name="TElement"/> cannot travel.</exception>
    public async Task<ManagedPriorityQueue<TElement, TPriority>> CreatePriorityQueueAsync<TElement, TPriority>(
        int capacity = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ValueSerializer.Require<TElement>();
        OrderedBytes.Require(typeof(TPriority));
        return new ManagedPriorityQueue<TElement, TPriority>(
            await CreateAsync(ObjectKind.PriorityQueue, capacity, [], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>As <see cref="CreateLifoQueueAsync{T}"/>, blocking.</summary>
    public ManagedQueue<T> CreateLifoQueue<T>(int capacity = 0) => CreateLifoQueueAsync<T>(capacity).GetAwaiter().GetResult();

    /// <summary>As <see cref="CreatePriorityQueueAsync{TElement, TPriority}"/>, blocking.</summary>
    public ManagedPriorityQueue<TElement, TPriority> CreatePriorityQueue<TElement, TPriority>(int capacity = 0) =>
        CreatePriorityQueueAsync<TElement, TPriority>(capacity).GetAwaiter().GetResult();

    /// <summary>As <see cref="CreateQueueAsync{T}"/>, blocking.</summary>
    public ManagedQueue<T> CreateQueue<T>(int capacity = 0) => CreateQueueAsync<T>(capacity).GetAwaiter().GetResult();
}
