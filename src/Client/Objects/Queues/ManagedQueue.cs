using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A queue that any number of processes share, as Python's <c>Manager().Queue()</c>, <c>JoinableQueue()</c>, <c>SimpleQueue()</c> and
/// <c>LifoQueue()</c>: first in, first out, unless it was made to give the newest first. Pass it as an argument: it
/// arrives as a working proxy. The items of each producer keep their order. An item that a process was about to be given when it died
/// goes to another. A durable one (<see cref="Manager.OpenQueueAsync{T}"/>) is the same, and outlives every process. Thread-safe. Times are waited for in whole milliseconds; null is for ever.
/// </summary>
/// <typeparam name="T">What it holds; travels by value.</typeparam>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the queue's manager was disposed or a durable queue was deleted, and <see cref="CoordinatorLostException"/>,
/// when the coordinator that has it is lost, or a durable one was out of reach for <see cref="DurableQueueOptions.ReconnectFor"/>; on a durable one also
/// <see cref="DurableStoreException"/>, when its store does not take what it is told.
/// </remarks>
public sealed partial class ManagedQueue<T> : ICarried<ManagedQueue<T>>
{
    private readonly ObjectProxy _proxy;

    internal ManagedQueue(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>How many items it holds, at some moment during the call, as Python's <c>qsize()</c>. Blocks for a round trip.</summary>
    public int Count => (int)_proxy.Call(ObjectOperation.Count, null, 0, [], default).Number;

    /// <summary>Whether it holds nothing, as Python's <c>empty()</c>. Blocks for a round trip.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Whether it holds as much as it may, as Python's <c>full()</c>. Blocks for two round trips.</summary>
    public bool IsFull => Capacity is > 0 and var capacity && Count >= capacity;

    /// <summary>How many items it may hold; 0 is any number. Blocks for a round trip.</summary>
    public int Capacity => (int)_proxy.Call(ObjectOperation.Capacity, null, 0, [], default).Number;

    /// <summary>Puts an item in, waiting for room, as Python's <c>put(item, timeout=…)</c>. Blocks the thread.</summary>
    /// <exception cref="QueueFullException">There was no room within the timeout.</exception>
    /// <exception cref="NotCarriedException">The item is of a type that cannot travel.</exception>
    public void Put(T item, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (_proxy.Call(ObjectOperation.Put, timeout, 0, Encode(item), cancellationToken).Status == ObjectStatus.Full)
            throw Full(timeout);
    }

    /// <inheritdoc cref="Put"/>
    public async Task PutAsync(T item, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync(ObjectOperation.Put, timeout, 0, Encode(item), cancellationToken).ConfigureAwait(false);
        if (reply.Status == ObjectStatus.Full)
            throw Full(timeout);
    }

    /// <summary>Puts an item in if there is room at once, as Python's <c>put_nowait()</c>, or within the timeout.</summary>
    /// <returns>Whether it was put in.</returns>
    public bool TryPut(T item, TimeSpan timeout = default) =>
        _proxy.Call(ObjectOperation.Put, timeout, 0, Encode(item), default).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="TryPut"/>
    public async Task<bool> TryPutAsync(T item, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        (await _proxy.CallAsync(ObjectOperation.Put, timeout, 0, Encode(item), cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    /// <summary>Puts the items in, in their order and in one message, as room appears; other producers' items may come between them where room was missing.</summary>
    /// <returns>How many were put in: all of them, or fewer when there was no room within the timeout.</returns>
    public int PutMany(IEnumerable<T> items, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (int)_proxy.Call(ObjectOperation.Put, timeout, 0, EncodeAll(items), cancellationToken).Number;

    /// <inheritdoc cref="PutMany"/>
    public async Task<int> PutManyAsync(IEnumerable<T> items, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (int)(await _proxy.CallAsync(ObjectOperation.Put, timeout, 0, EncodeAll(items), cancellationToken).ConfigureAwait(false)).Number;

    /// <summary>Takes the first item out, waiting for one, as Python's <c>get(timeout=…)</c>. Blocks the thread.</summary>
    /// <exception cref="QueueEmptyException">There was no item within the timeout.</exception>
    public T Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var reply = _proxy.Call(ObjectOperation.Get, timeout, 1, [], cancellationToken);
        return reply.Status == ObjectStatus.Ok ? Decode(reply.Payloads[0]) : throw Empty(timeout);
    }

    /// <inheritdoc cref="Get"/>
    public async Task<T> GetAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync(ObjectOperation.Get, timeout, 1, [], cancellationToken).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? Decode(reply.Payloads[0]) : throw Empty(timeout);
    }

    /// <summary>Takes the first item out if there is one at once, as Python's <c>get_nowait()</c>, or within the timeout.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryGet([MaybeNullWhen(false)] out T item, TimeSpan timeout = default)
    {
        var reply = _proxy.Call(ObjectOperation.Get, timeout, 1, [], default);
        item = reply.Status == ObjectStatus.Ok ? Decode(reply.Payloads[0]) : default;
        return reply.Status == ObjectStatus.Ok;
    }

    /// <summary>As <see cref="TryGet"/>.</summary>
    /// <returns>Whether there was one, and it.</returns>
    public async Task<(bool IsTaken, T? Item)> TryGetAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync(ObjectOperation.Get, timeout, 1, [], cancellationToken).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? (true, Decode(reply.Payloads[0])) : (false, default);
    }

    /// <summary>Takes out what is there, up to <paramref name="max"/> items in one message; waits for the first.</summary>
    /// <returns>At least one item, or none when there was none within the timeout.</returns>
    public IReadOnlyList<T> GetMany(int max, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        return DecodeAll(_proxy.Call(ObjectOperation.Get, timeout, max, [], cancellationToken));
    }

    /// <inheritdoc cref="GetMany"/>
    public async Task<IReadOnlyList<T>> GetManyAsync(int max, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        return DecodeAll(await _proxy.CallAsync(ObjectOperation.Get, timeout, max, [], cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc cref="Count"/>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        (int)(await _proxy.CallAsync(ObjectOperation.Count, null, 0, [], cancellationToken).ConfigureAwait(false)).Number;

    void ICarried<ManagedQueue<T>>.Write(ref ValueWriter writer) => _proxy.Write(ref writer);

    static ManagedQueue<T> ICarried<ManagedQueue<T>>.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));

    private ImmutableArray<ReadOnlyMemory<byte>> Encode(T item) => [_proxy.Encode(item)];

    private ImmutableArray<ReadOnlyMemory<byte>> EncodeAll(IEnumerable<T> items) => [.. items.Select(_proxy.Encode)];

    private T Decode(ReadOnlyMemory<byte> payload) => _proxy.Decode<T>(payload);

    private List<T> DecodeAll(ObjectReply reply) => [.. reply.Payloads.Select(Decode)];

    private static QueueFullException Full(TimeSpan? timeout) => new($"The queue stayed full for {timeout}.");

    private static QueueEmptyException Empty(TimeSpan? timeout) => new($"The queue stayed empty for {timeout}.");
}
