using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A queue shared by any number of processes, as Python's <c>Manager().Queue()</c>, <c>JoinableQueue()</c>, <c>SimpleQueue()</c> and
/// <c>LifoQueue()</c>: first in, first out, unless created as a LIFO queue. A worker that receives it as an argument gets a working proxy.
/// The items of each producer keep their order. An item for a process that dies before receiving it goes to another process. A durable
/// queue (<see cref="Manager.OpenQueueAsync{T}"/>) also outlives every process. Timeouts are rounded up to milliseconds; null waits without
/// limit. Thread-safe.
/// </summary>
/// <typeparam name="T">The item type; items are passed by value.</typeparam>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the queue was disposed, or a durable queue was deleted) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the queue was lost, or a durable queue was unreachable for
/// <see cref="DurableQueueOptions.ReconnectFor"/>). A durable queue can also throw <see cref="DurableStoreException"/> (its store failed).
/// </remarks>
public sealed partial class ManagedQueue<T> : ICarried<ManagedQueue<T>>
{
    private readonly ObjectProxy _proxy;

    internal ManagedQueue(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>Gets the number of items, at some moment during the call, as Python's <c>qsize()</c>. Blocks for a round trip.</summary>
    public int Count => (int)_proxy.Call<QueueCount, CountReply>().Count;

    /// <summary>Gets whether the queue is empty, as Python's <c>empty()</c>. Blocks for a round trip.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Gets whether the queue is full, as Python's <c>full()</c>. Blocks for two round trips.</summary>
    public bool IsFull => Capacity is > 0 and var capacity && Count >= capacity;

    /// <summary>Gets the capacity; 0 is unlimited. Blocks for a round trip.</summary>
    public int Capacity => (int)_proxy.Call<QueueCapacity, CountReply>().Count;

    /// <summary>Adds an item, as Python's <c>put(item, timeout=…)</c>; blocks the thread while the queue is full.</summary>
    /// <exception cref="QueueFullException">The queue stayed full for the timeout.</exception>
    /// <exception cref="NotCarriedException">The item is of a type that cannot be serialized.</exception>
    public void Put(T item, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (_proxy.Call<QueuePut, CountReply>(EncodeItem(item), timeout, cancellationToken).Status == ObjectStatus.Full)
            throw CreateFullException(timeout);
    }

    /// <inheritdoc cref="Put"/>
    public async Task PutAsync(T item, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync<QueuePut, CountReply>(EncodeItem(item), timeout, cancellationToken).ConfigureAwait(false);
        if (reply.Status == ObjectStatus.Full)
            throw CreateFullException(timeout);
    }

    /// <summary>Tries to add an item, at once or within the timeout, as Python's <c>put_nowait()</c>.</summary>
    /// <returns>True when the item was added.</returns>
    public bool TryPut(T item, TimeSpan timeout = default) =>
        _proxy.Call<QueuePut, CountReply>(EncodeItem(item), timeout).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="TryPut"/>
    public async Task<bool> TryPutAsync(T item, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        (await _proxy.CallAsync<QueuePut, CountReply>(
            EncodeItem(item), timeout, cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    /// <summary>
    /// Adds items in order, in one message, as capacity becomes free; items of other producers can come between them while the queue is
    /// full.
    /// </summary>
    /// <returns>The number of added items: all, or fewer when the queue stayed full for the timeout.</returns>
    public int PutMany(IEnumerable<T> items, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (int)_proxy.Call<QueuePut, CountReply>(EncodeAll(items), timeout, cancellationToken).Count;

    /// <inheritdoc cref="PutMany"/>
    public async Task<int> PutManyAsync(IEnumerable<T> items, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (int)(await _proxy.CallAsync<QueuePut, CountReply>(EncodeAll(items), timeout, cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>
    /// Removes and returns the first item, as Python's <c>get(timeout=…)</c>; blocks the thread while the queue is empty.
    /// </summary>
    /// <exception cref="QueueEmptyException">The queue stayed empty for the timeout.</exception>
    public T Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var reply = _proxy.Call<QueueGet, ItemsReply>(new(1), timeout, cancellationToken);
        return reply.Status == ObjectStatus.Ok ? DecodeItem(reply.Items[0]) : throw CreateEmptyException(timeout);
    }

    /// <inheritdoc cref="Get"/>
    public async Task<T> GetAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync<QueueGet, ItemsReply>(new(1), timeout, cancellationToken).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? DecodeItem(reply.Items[0]) : throw CreateEmptyException(timeout);
    }

    /// <summary>Tries to remove the first item, at once or within the timeout, as Python's <c>get_nowait()</c>.</summary>
    /// <returns>True when one was available.</returns>
    public bool TryGet([MaybeNullWhen(false)] out T item, TimeSpan timeout = default)
    {
        var reply = _proxy.Call<QueueGet, ItemsReply>(new(1), timeout);
        item = reply.Status == ObjectStatus.Ok ? DecodeItem(reply.Items[0]) : default;
        return reply.Status == ObjectStatus.Ok;
    }

    /// <summary>Asynchronous form of <see cref="TryGet"/>.</summary>
    /// <returns>Whether an item was available, and the item.</returns>
    public async Task<(bool IsTaken, T? Item)> TryGetAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync<QueueGet, ItemsReply>(new(1), timeout, cancellationToken).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? (true, DecodeItem(reply.Items[0])) : (false, default);
    }

    /// <summary>
    /// Removes and returns up to <paramref name="max"/> available items in one message; blocks the thread while the queue is empty.
    /// </summary>
    /// <returns>The items; empty when the queue stayed empty for the timeout.</returns>
    public IReadOnlyList<T> GetMany(int max, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        return DecodeAll(_proxy.Call<QueueGet, ItemsReply>(new(max), timeout, cancellationToken));
    }

    /// <inheritdoc cref="GetMany"/>
    public async Task<IReadOnlyList<T>> GetManyAsync(int max, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        return DecodeAll(await _proxy.CallAsync<QueueGet, ItemsReply>(new(max), timeout, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc cref="Count"/>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        (int)(await _proxy.CallAsync<QueueCount, CountReply>(default, null, cancellationToken).ConfigureAwait(false)).Count;

    void ICarried<ManagedQueue<T>>.WriteTo(ref ValueWriter writer) => _proxy.WriteTo(ref writer);

    static ManagedQueue<T> ICarried<ManagedQueue<T>>.ReadFrom(ref ValueReader reader) => new(ObjectProxy.ReadFrom(ref reader));

    private QueuePut EncodeItem(T item) => new([_proxy.EncodeValue(item)]);

    private QueuePut EncodeAll(IEnumerable<T> items) => new([.. items.Select(_proxy.EncodeValue)]);

    private T DecodeItem(ReadOnlyMemory<byte> payload) => _proxy.DecodeValue<T>(payload);

    private List<T> DecodeAll(ItemsReply reply) => [.. reply.Items.Select(DecodeItem)];

    private static QueueFullException CreateFullException(TimeSpan? timeout) =>
        new($"The managed queue stayed full for {timeout}. Wait longer, or take items.");

    private static QueueEmptyException CreateEmptyException(TimeSpan? timeout) =>
        new($"The managed queue stayed empty for {timeout}. Wait longer, or put items.");
}
