using System.Collections;
using System.Collections.Immutable;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Objects.Containers;

namespace Actors;

/// <summary>
/// A list shared by any number of processes, as Python's <c>Manager().list()</c>. A worker that receives it as an argument gets a working
/// proxy. Items are read as copies: a change to a copy has no effect until it is set again. Items are equal when their serialized forms
/// are. Each call is atomic; use <see cref="Update"/> or <see cref="UpdateAll"/> for changes that depend on the current content.
/// Enumeration runs over a snapshot. Members without <c>Async</c> block the thread for a round trip. Thread-safe.
/// </summary>
/// <typeparam name="T">The item type; items are passed by value.</typeparam>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
/// </remarks>
public sealed partial class ManagedList<T> : IEnumerable<T>, ICarried<ManagedList<T>>
{
    private readonly ObjectProxy _proxy;

    internal ManagedList(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>Gets the number of items, at some moment during the call, as Python's <c>len()</c>.</summary>
    public int Count => (int)_proxy.Call<ListCount, CountReply>().Count;

    /// <summary>
    /// Gets or sets the item at an index; <c>^1</c> is the last, as Python's <c>[-1]</c>. An index from the end takes two round trips.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public T this[Index index]
    {
        get => DecodeFound(_proxy.Call<ListGet, ItemReply>(new(GetPosition(index))), index);
        set => RequireFound(_proxy.Call(new ListSet(GetPosition(index), _proxy.EncodeValue(value))), index);
    }

    /// <summary>
    /// Gets a copy of a range of items, as Python's <c>[1:3]</c>; the range is clipped to the list. Reads the whole list.
    /// </summary>
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
    /// <exception cref="NotCarriedException">The item cannot be serialized.</exception>
    public void Add(T item) => _proxy.Call(new ListAdd([_proxy.EncodeValue(item)]));

    /// <inheritdoc cref="Add"/>
    public Task AddAsync(T item, CancellationToken cancellationToken = default) =>
        _proxy.CallAsync(new ListAdd([_proxy.EncodeValue(item)]), null, cancellationToken).AsTask();

    /// <summary>Appends items atomically in one message, as Python's <c>extend</c>.</summary>
    /// <exception cref="PayloadTooLargeException">The list is on a cluster and the items exceed 12 MiB: add them in parts.</exception>
    public void AddRange(IEnumerable<T> items) => _proxy.Call(new ListAdd(EncodeAll(items)));

    /// <inheritdoc cref="AddRange"/>
    public Task AddRangeAsync(IEnumerable<T> items, CancellationToken cancellationToken = default) =>
        _proxy.CallAsync(new ListAdd(EncodeAll(items)), null, cancellationToken).AsTask();

    /// <summary>Inserts an item before the one at the index, as Python's <c>insert</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is beyond the end.</exception>
    public void Insert(Index index, T item) =>
        RequireFound(_proxy.Call(new ListInsert(GetPosition(index), [_proxy.EncodeValue(item)])), index);

    /// <summary>Removes and returns the item at the index, by default the last, as Python's <c>pop</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public T Pop(Index? index = null) =>
        DecodeFound(_proxy.Call<ListRemoveAt, ItemReply>(new(GetPopPosition(index))), index ?? ^1);

    /// <summary>Removes the item at the index, as Python's <c>del</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public void RemoveAt(Index index) => Pop(index);

    /// <summary>Removes a range of items atomically, as Python's <c>del [1:3]</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range extends beyond the end.</exception>
    public void RemoveRange(int start, int count) => ReplaceRange(start, count, []);

    /// <summary>Removes the first equal item, as Python's <c>remove</c>.</summary>
    /// <returns>True when one was available.</returns>
    public bool Remove(T item) => _proxy.Call(new ListRemove(_proxy.EncodeValue(item))) == ObjectStatus.Ok;

    /// <summary>Replaces a range of items by a sequence of any length, as Python's <c>[1:3] = items</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range extends beyond the end.</exception>
    public void ReplaceRange(int start, int count, IEnumerable<T> items) => RequireFound(
        _proxy.Call(new ListReplaceRange(start, count, EncodeAll(items))), start);

    /// <summary>Returns the index of the first equal item from <paramref name="start"/> on, or -1, as Python's <c>index</c>.</summary>
    public int IndexOf(T item, int start = 0) => ToIndex(_proxy.Call<ListIndexOf, IndexReply>(new(_proxy.EncodeValue(item), start)));

    /// <summary>Returns whether the list has an equal item, as Python's <c>in</c>.</summary>
    public bool Contains(T item) => IndexOf(item) >= 0;

    /// <summary>Returns the number of equal items, as Python's <c>count</c>.</summary>
    public int CountOf(T item) => (int)_proxy.Call<ListCountOf, CountReply>(new(_proxy.EncodeValue(item))).Count;

    /// <summary>Reverses the order of the items, as Python's <c>reverse</c>.</summary>
    public void Reverse() => _proxy.Call(new ListReverse());

    /// <summary>Removes all items, as Python's <c>clear</c>.</summary>
    public void Clear() => _proxy.Call(new ListReplaceAll(ListReplaceAll.AnyVersion, []));

    /// <summary>
    /// Sorts the items, as Python's <c>sort</c>. The sort is stable and runs in this process, again after each concurrent change.
    /// </summary>
    /// <param name="comparer">The comparer; null for the default order.</param>
    public void Sort(IComparer<T>? comparer = null) => UpdateAll(items => items.Order(comparer));

    /// <summary>Sorts the items by key, as Python's <c>sort(key=…)</c>.</summary>
    public void SortBy<TKey>(Func<T, TKey> key) => UpdateAll(items => items.OrderBy(key));

    /// <summary>Repeats the items the given number of times, as Python's <c>*=</c>; 0 removes all.</summary>
    public void Repeat(int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        UpdateAll(items => Enumerable.Repeat(items, times).SelectMany(all => all));
    }

    /// <summary>Returns a snapshot of all items.</summary>
    public T[] ToArray() => DecodeAll(ContainerPages.ReadAll<ListPage>(_proxy));

    /// <inheritdoc cref="ToArray"/>
    public async Task<T[]> ToArrayAsync(CancellationToken cancellationToken = default) =>
        DecodeAll(await ContainerPages.ReadAllAsync<ListPage>(_proxy, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Returns the first 20 items as text. Blocks for a round trip.</summary>
    public override string ToString() => $"[{string.Join(", ", ToArray().Take(20))}{(Count > 20 ? ", …" : "")}]";

    void ICarried<ManagedList<T>>.WriteTo(ref ValueWriter writer) => _proxy.WriteTo(ref writer);

    static ManagedList<T> ICarried<ManagedList<T>>.ReadFrom(ref ValueReader reader) => new(ObjectProxy.ReadFrom(ref reader));

    private T DecodeItem(ReadOnlyMemory<byte> payload) => _proxy.DecodeValue<T>(payload);

    private T DecodeFound(ItemReply reply, Index index) => DecodeItem(RequireFound(reply, index).RequiredItem);

    private ImmutableArray<ReadOnlyMemory<byte>> EncodeAll(IEnumerable<T> items) => [.. items.Select(_proxy.EncodeValue)];

    private T[] DecodeAll(ContainerPages.ContainerSnapshot snapshot) => [.. snapshot.Parts.Select(DecodeItem)];

    private long GetPosition(Index index)
    {
        var at = index.IsFromEnd ? Count - index.Value : index.Value;
        return at >= 0 ? at : throw CreateOutOfRange(index);
    }

    // -1 names the last item, because another process may change the count between two calls.
    private long GetPopPosition(Index? index) => index is not { } at || at.Equals(^1) ? -1 : GetPosition(at);

    private static ArgumentOutOfRangeException CreateOutOfRange(Index index) =>
        new(nameof(index), index, "The managed list has no item at this index.");

    private static void RequireFound(ObjectStatus status, Index index)
    {
        if (status == ObjectStatus.NotFound)
            throw CreateOutOfRange(index);
    }

    private static ItemReply RequireFound(ItemReply reply, Index index)
    {
        RequireFound(reply.Status, index);
        return reply;
    }

    private static int ToIndex(IndexReply reply) => reply.Status == ObjectStatus.Ok ? (int)reply.Index : -1;
}
