using System.Collections;
using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Objects.Containers;

namespace Actors;

/// <summary>
/// A list that any number of processes share, as Python's <c>Manager().list()</c>. Pass it as an argument: it arrives as a working proxy. What is
/// read is a copy: changing an item that was read changes nothing here until it is set again. Each call is atomic, and no more than one:
/// <see cref="Update"/> and <see cref="UpdateAll"/> are for changes that depend on what is there. Enumerating goes over what was there when it
/// began. Items are equal when they are written alike. Members without <c>Async</c> block the thread for a round trip. Thread-safe.
/// </summary>
/// <typeparam name="T">What it holds; travels by value.</typeparam>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed partial class ManagedList<T> : IEnumerable<T>, ICarried<ManagedList<T>>
{
    private readonly ObjectProxy _proxy;

    internal ManagedList(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>How many items it has, at some moment during the call, as Python's <c>len()</c>.</summary>
    public int Count => (int)Call(ObjectOperation.ListCount).Number;

    /// <summary>The item at an index, <c>^1</c> being the last, as Python's <c>[-1]</c>. An index from the end takes two round trips.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public T this[Index index]
    {
        get => Decode(Found(Call(ObjectOperation.ListGet, At(index)), index).Payloads[0]);
        set => Found(Call(ObjectOperation.ListSet, At(index), _proxy.Encode(value)), index);
    }

    /// <summary>A copy of some of the items, as Python's <c>[1:3]</c>; what lies outside is left out, as there. Reads the whole list.</summary>
    public T[] this[Range range]
    {
        get
        {
            var items = ToArray();
            var start = Math.Clamp(range.Start.GetOffset(items.Length), 0, items.Length);
            var end = Math.Clamp(range.End.GetOffset(items.Length), start, items.Length);
            return items[start..end];
        }
    }

    /// <summary>Appends an item, as Python's <c>append</c>.</summary>
    /// <exception cref="NotCarriedException">The item cannot travel.</exception>
    public void Add(T item) => Call(ObjectOperation.ListAdd, 0, _proxy.Encode(item));

    /// <inheritdoc cref="Add"/>
    public Task AddAsync(T item, CancellationToken cancellationToken = default) =>
        CallAsync(ObjectOperation.ListAdd, 0, cancellationToken, _proxy.Encode(item));

    /// <summary>Appends items, in one message and together, as Python's <c>extend</c>.</summary>
    /// <exception cref="PayloadTooLargeException">The list is on a cluster and the items do not fit into a message: add them in parts.</exception>
    public void AddRange(IEnumerable<T> items) => Call(ObjectOperation.ListAdd, 0, [.. items.Select(_proxy.Encode)]);

    /// <inheritdoc cref="AddRange"/>
    public Task AddRangeAsync(IEnumerable<T> items, CancellationToken cancellationToken = default) =>
        CallAsync(ObjectOperation.ListAdd, 0, cancellationToken, [.. items.Select(_proxy.Encode)]);

    /// <summary>Inserts an item before the one at the index, as Python's <c>insert</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is beyond the end.</exception>
    public void Insert(Index index, T item) => Found(Call(ObjectOperation.ListInsert, At(index), _proxy.Encode(item)), index);

    /// <summary>Takes out the item at the index, by default the last, and gives it, as Python's <c>pop</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public T Pop(Index? index = null) => Decode(Found(Call(ObjectOperation.ListRemoveAt, PopAt(index)), index ?? ^1).Payloads[0]);

    /// <summary>Takes out the item at the index, as Python's <c>del</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public void RemoveAt(Index index) => Pop(index);

    /// <summary>Takes out some of the items together, as Python's <c>del [1:3]</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public void RemoveRange(int start, int count) => ReplaceRange(start, count, []);

    /// <summary>Takes out the first item that is equal to this one, as Python's <c>remove</c>.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(T item) => Call(ObjectOperation.ListRemove, 0, _proxy.Encode(item)).Status == ObjectStatus.Ok;

    /// <summary>Replaces some of the items by others, of which there may be more or fewer, as Python's <c>[1:3] = items</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public void ReplaceRange(int start, int count, IEnumerable<T> items) => Found(
        Call(ObjectOperation.ListReplaceRange, start, [BitConverter.GetBytes((long)count), .. items.Select(_proxy.Encode)]), start);

    /// <summary>Where the first item stands that is equal to this one, from <paramref name="start"/> on, or -1, as Python's <c>index</c>.</summary>
    public int IndexOf(T item, int start = 0)
    {
        var reply = Call(ObjectOperation.ListIndexOf, start, _proxy.Encode(item));
        return reply.Status == ObjectStatus.Ok ? (int)reply.Number : -1;
    }

    /// <summary>Whether an item is equal to this one, as Python's <c>in</c>.</summary>
    public bool Contains(T item) => IndexOf(item) >= 0;

    /// <summary>How many items are equal to this one, as Python's <c>count</c>.</summary>
    public int CountOf(T item) => (int)Call(ObjectOperation.ListCountOf, 0, _proxy.Encode(item)).Number;

    /// <summary>Turns the order round, as Python's <c>reverse</c>.</summary>
    public void Reverse() => Call(ObjectOperation.ListReverse);

    /// <summary>Takes everything out, as Python's <c>clear</c>.</summary>
    public void Clear() => Call(ObjectOperation.ListReplaceAll, -1);

    /// <summary>Puts the items into order, equal ones keeping theirs, as Python's <c>sort</c>. Done here, and again whenever somebody else changed the list meanwhile.</summary>
    /// <param name="comparer">Null is the type's own order.</param>
    public void Sort(IComparer<T>? comparer = null) => UpdateAll(items => items.Order(comparer));

    /// <summary>Puts the items into the order of their keys, as Python's <c>sort(key=…)</c>.</summary>
    public void SortBy<TKey>(Func<T, TKey> key) => UpdateAll(items => items.OrderBy(key));

    /// <summary>The items so many times over, as Python's <c>*=</c>; 0 takes everything out.</summary>
    public void Repeat(int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        UpdateAll(items => Enumerable.Repeat(items, times).SelectMany(all => all));
    }

    /// <summary>A copy of all items, as they were at one moment.</summary>
    public T[] ToArray() => DecodeAll(Pages.Read(_proxy, ObjectOperation.ListPage, 1));

    /// <inheritdoc cref="ToArray"/>
    public async Task<T[]> ToArrayAsync(CancellationToken cancellationToken = default) =>
        DecodeAll(await Pages.ReadAsync(_proxy, ObjectOperation.ListPage, 1, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For people: the first items, after a round trip.</summary>
    public override string ToString() => $"[{string.Join(", ", ToArray().Take(20))}{(Count > 20 ? ", …" : "")}]";

    void ICarried<ManagedList<T>>.Write(ref ValueWriter writer) => _proxy.Write(ref writer);

    static ManagedList<T> ICarried<ManagedList<T>>.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));

    private T Decode(ReadOnlyMemory<byte> payload) => _proxy.Decode<T>(payload);

    private T[] DecodeAll(Pages.Snapshot snapshot) => [.. snapshot.Parts.Select(Decode)];

    private long At(Index index)
    {
        var at = index.IsFromEnd ? Count - index.Value : index.Value;
        return at >= 0 ? at : throw NoItem(index);
    }

    // The last one by its own name: another process may change the count between two calls.
    private long PopAt(Index? index) => index is not { } at || at.Equals(^1) ? -1 : At(at);

    private static ArgumentOutOfRangeException NoItem(Index index) => new(nameof(index), index, "The list has no such item.");

    private static ObjectReply Found(ObjectReply reply, Index index) => reply.Status != ObjectStatus.NotFound
        ? reply
        : throw NoItem(index);

    private ObjectReply Call(ObjectOperation operation, long number = 0, params ReadOnlyMemory<byte>[] payloads) =>
        _proxy.Call(operation, null, number, [.. payloads], default);

    private async Task<ObjectReply> CallAsync(
        ObjectOperation operation, long number, CancellationToken cancellationToken, params ReadOnlyMemory<byte>[] payloads) =>
        await _proxy.CallAsync(operation, null, number, [.. payloads], cancellationToken).ConfigureAwait(false);
}
