using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Objects.Queues;

namespace Actors;

/// <summary>
/// A queue that any number of processes share and that gives the element of the least priority first, of equal ones the oldest, as Python's
/// <c>PriorityQueue</c> behind a manager, and .NET's <see cref="PriorityQueue{TElement, TPriority}"/>. Pass it as an argument: it arrives as a working
/// proxy. Otherwise as <see cref="ManagedQueue{T}"/>. Thread-safe.
/// </summary>
/// <typeparam name="TElement">What it holds; travels by value.</typeparam>
/// <typeparam name="TPriority">Numbers, text (in ordinal order), dates and times, enums, and value tuples of such.</typeparam>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed class ManagedPriorityQueue<TElement, TPriority> : ICarried<ManagedPriorityQueue<TElement, TPriority>>
{
    private readonly ObjectProxy _proxy;

    internal ManagedPriorityQueue(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>How many elements it holds, at some moment during the call. Blocks for a round trip.</summary>
    public int Count => (int)_proxy.Call(ObjectOperation.Count, null, 0, [], default).Number;

    /// <summary>Puts an element in, waiting for room. Blocks the thread.</summary>
    /// <exception cref="QueueFullException">There was no room within the timeout.</exception>
    /// <exception cref="NotCarriedException">The element is of a type that cannot travel.</exception>
    public void Put(TElement element, TPriority priority, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CheckPut(_proxy.Call(ObjectOperation.Put, timeout, 0, [Encode(element, priority)], cancellationToken), timeout);

    /// <inheritdoc cref="Put"/>
    public async Task PutAsync(TElement element, TPriority priority, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CheckPut(await _proxy.CallAsync(ObjectOperation.Put, timeout, 0, [Encode(element, priority)], cancellationToken).ConfigureAwait(false), timeout);

    /// <summary>Takes the element of the least priority out, waiting for one. Blocks the thread.</summary>
    /// <exception cref="QueueEmptyException">There was none within the timeout.</exception>
    public TElement Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        TryRead(_proxy.Call(ObjectOperation.Get, timeout, 1, [], cancellationToken), out var element, out _) ? element : throw Empty(timeout);

    /// <inheritdoc cref="Get"/>
    public async Task<TElement> GetAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync(ObjectOperation.Get, timeout, 1, [], cancellationToken).ConfigureAwait(false);
        return TryRead(reply, out var element, out _) ? element : throw Empty(timeout);
    }

    /// <summary>Takes the element of the least priority out, with its priority, if there is one at once or within the timeout.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryGet([MaybeNullWhen(false)] out TElement element, [MaybeNullWhen(false)] out TPriority priority, TimeSpan timeout = default) =>
        TryRead(_proxy.Call(ObjectOperation.Get, timeout, 1, [], default), out element, out priority);

    /// <summary>As <see cref="TryGet"/>.</summary>
    /// <returns>Whether there was one, it, and its priority.</returns>
    public async Task<(bool IsTaken, TElement? Element, TPriority? Priority)> TryGetAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var isTaken = TryRead(
            await _proxy.CallAsync(ObjectOperation.Get, timeout, 1, [], cancellationToken).ConfigureAwait(false), out var element, out var priority);
        return (isTaken, element, priority);
    }

    /// <inheritdoc cref="ManagedQueue{T}.TaskDone"/>
    public void TaskDone(int count = 1) => QueueJoining.TaskDone(_proxy, count);

    /// <inheritdoc cref="ManagedQueue{T}.TaskDone"/>
    public Task TaskDoneAsync(int count = 1, CancellationToken cancellationToken = default) => QueueJoining.TaskDoneAsync(_proxy, count, cancellationToken);

    /// <inheritdoc cref="Count"/>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        (int)(await _proxy.CallAsync(ObjectOperation.Count, null, 0, [], cancellationToken).ConfigureAwait(false)).Number;

    /// <inheritdoc cref="ManagedQueue{T}.Join"/>
    public bool Join(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => QueueJoining.Join(_proxy, timeout, cancellationToken);

    /// <inheritdoc cref="Join"/>
    public Task<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        QueueJoining.JoinAsync(_proxy, timeout, cancellationToken);

    void ICarried<ManagedPriorityQueue<TElement, TPriority>>.Write(ref ValueWriter writer) => _proxy.Write(ref writer);

    static ManagedPriorityQueue<TElement, TPriority> ICarried<ManagedPriorityQueue<TElement, TPriority>>.Read(ref ValueReader reader) =>
        new(ObjectProxy.Read(ref reader));

    /// <summary>The length of the ordered priority and that, by which the coordinator sorts; then both as they were.</summary>
    private ReadOnlyMemory<byte> Encode(TElement element, TPriority priority)
    {
        var order = OrderedBytes.Of(priority);
        return new byte[][] { BitConverter.GetBytes(order.Length), order, _proxy.Encode((element, priority)).ToArray() }.SelectMany(part => part).ToArray();
    }

    private bool TryRead(ObjectReply reply, [MaybeNullWhen(false)] out TElement element, [MaybeNullWhen(false)] out TPriority priority)
    {
        if (reply.Status != ObjectStatus.Ok)
        {
            (element, priority) = (default, default);
            return false;
        }

        var payload = reply.Payloads[0];
        (element, priority) = _proxy.Decode<(TElement, TPriority)>(payload[(sizeof(int) + BitConverter.ToInt32(payload.Span))..]);
        return true;
    }

    private static void CheckPut(ObjectReply reply, TimeSpan? timeout)
    {
        if (reply.Status == ObjectStatus.Full)
            throw new QueueFullException($"The queue stayed full for {timeout}.");
    }

    private static QueueEmptyException Empty(TimeSpan? timeout) => new($"The queue stayed empty for {timeout}.");
}
