using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Objects.Queues;

namespace Actors;

/// <summary>
/// A priority queue shared by any number of processes, as Python's <c>PriorityQueue</c> behind a manager and .NET's
/// <see cref="PriorityQueue{TElement, TPriority}"/>: returns the element of lowest priority first, and the oldest of equal ones. A worker
/// that receives it as an argument gets a working proxy. Otherwise it works as <see cref="ManagedQueue{T}"/>. Thread-safe.
/// </summary>
/// <typeparam name="TElement">The item type; items are passed by value.</typeparam>
/// <typeparam name="TPriority">
/// The priority type: numbers, strings (in ordinal order), dates and times, enums, and value tuples of these.
/// </typeparam>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
/// </remarks>
public sealed class ManagedPriorityQueue<TElement, TPriority> : ICarried<ManagedPriorityQueue<TElement, TPriority>>
{
    private readonly ObjectProxy _proxy;

    internal ManagedPriorityQueue(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>Gets the number of elements, at some moment during the call. Blocks for a round trip.</summary>
    public int Count => (int)_proxy.Call<QueueCount, CountReply>().Count;

    /// <summary>Adds an element; blocks the thread while the queue is full.</summary>
    /// <exception cref="QueueFullException">The queue stayed full for the timeout.</exception>
    /// <exception cref="NotCarriedException">The element is of a type that cannot be serialized.</exception>
    public void Put(TElement element, TPriority priority, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CheckPut(_proxy.Call<QueuePut, CountReply>(EncodeElement(element, priority), timeout, cancellationToken), timeout);

    /// <inheritdoc cref="Put"/>
    public async Task PutAsync(
        TElement element, TPriority priority, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CheckPut(
            await _proxy.CallAsync<QueuePut, CountReply>(
                EncodeElement(element, priority), timeout, cancellationToken).ConfigureAwait(false), timeout);

    /// <summary>Removes and returns the element of lowest priority; blocks the thread while the queue is empty.</summary>
    /// <exception cref="QueueEmptyException">The queue stayed empty for the timeout.</exception>
    public TElement Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        TryRead(_proxy.Call<QueueGet, ItemsReply>(new(1), timeout, cancellationToken), out var element, out _)
            ? element
            : throw CreateEmptyException(timeout);

    /// <inheritdoc cref="Get"/>
    public async Task<TElement> GetAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync<QueueGet, ItemsReply>(new(1), timeout, cancellationToken).ConfigureAwait(false);
        return TryRead(reply, out var element, out _) ? element : throw CreateEmptyException(timeout);
    }

    /// <summary>Tries to remove the element of lowest priority, at once or within the timeout.</summary>
    /// <returns>True when one was available.</returns>
    public bool TryGet(
        [MaybeNullWhen(false)] out TElement element, [MaybeNullWhen(false)] out TPriority priority, TimeSpan timeout = default) =>
        TryRead(_proxy.Call<QueueGet, ItemsReply>(new(1), timeout), out element, out priority);

    /// <summary>Asynchronous form of <see cref="TryGet"/>.</summary>
    /// <returns>Whether an element was available, the element, and its priority.</returns>
    public async Task<(bool IsTaken, TElement? Element, TPriority? Priority)> TryGetAsync(
        TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var isTaken = TryRead(
            await _proxy.CallAsync<QueueGet, ItemsReply>(
                new(1), timeout, cancellationToken).ConfigureAwait(false), out var element, out var priority);
        return (isTaken, element, priority);
    }

    /// <inheritdoc cref="ManagedQueue{T}.TaskDone"/>
    public void TaskDone(int count = 1) => QueueJoining.TaskDone(_proxy, count);

    /// <inheritdoc cref="ManagedQueue{T}.TaskDone"/>
    public Task TaskDoneAsync(int count = 1, CancellationToken cancellationToken = default) =>
        QueueJoining.TaskDoneAsync(_proxy, count, cancellationToken);

    /// <inheritdoc cref="Count"/>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        (int)(await _proxy.CallAsync<QueueCount, CountReply>(default, null, cancellationToken).ConfigureAwait(false)).Count;

    /// <inheritdoc cref="ManagedQueue{T}.Join"/>
    public bool Join(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        QueueJoining.JoinQueue(_proxy, timeout, cancellationToken);

    /// <inheritdoc cref="Join"/>
    public Task<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        QueueJoining.JoinQueueAsync(_proxy, timeout, cancellationToken);

    void ICarried<ManagedPriorityQueue<TElement, TPriority>>.WriteTo(ref ValueWriter writer) => _proxy.WriteTo(ref writer);

    static ManagedPriorityQueue<TElement, TPriority> ICarried<ManagedPriorityQueue<TElement, TPriority>>.ReadFrom(ref ValueReader reader) =>
        new(ObjectProxy.ReadFrom(ref reader));

    /// <summary>
    /// Writes the length of the ordered priority and the ordered priority, which the coordinator sorts by; then the serialized element and
    /// priority.
    /// </summary>
    private QueuePut EncodeElement(TElement element, TPriority priority)
    {
        var order = OrderedBytes.EncodeOrdered(priority);
        byte[] payload = [.. BitConverter.GetBytes(order.Length), .. order, .. _proxy.EncodeValue((element, priority)).Span];
        return new QueuePut([payload]);
    }

    private bool TryRead(ItemsReply reply, [MaybeNullWhen(false)] out TElement element, [MaybeNullWhen(false)] out TPriority priority)
    {
        if (reply.Status != ObjectStatus.Ok)
        {
            (element, priority) = (default, default);
            return false;
        }

        var payload = reply.Items[0];
        (element, priority) = _proxy.DecodeValue<(TElement, TPriority)>(payload[(sizeof(int) + BitConverter.ToInt32(payload.Span))..]);
        return true;
    }

    private static void CheckPut(CountReply reply, TimeSpan? timeout)
    {
        if (reply.Status == ObjectStatus.Full)
            throw new QueueFullException($"The managed queue stayed full for {timeout}. Wait longer, or take items.");
    }

    private static QueueEmptyException CreateEmptyException(TimeSpan? timeout) =>
        new($"The managed queue stayed empty for {timeout}. Wait longer, or put items.");
}
