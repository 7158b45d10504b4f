using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Objects.Containers;

namespace Actors;

public sealed partial class ManagedList<T>
{
    /// <summary>Reads an item.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public async Task<T> GetAsync(int index, CancellationToken cancellationToken = default) =>
        DecodeFound(await _proxy.CallAsync<ListGet, ItemReply>(new(index), null, cancellationToken).ConfigureAwait(false), index);

    /// <summary>Replaces an item.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public async Task SetAsync(int index, T item, CancellationToken cancellationToken = default) =>
        RequireFound(
            await _proxy.CallAsync(new ListSet(index, _proxy.EncodeValue(item)), null, cancellationToken).ConfigureAwait(false), index);

    /// <summary>Returns the number of items.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        (int)(await _proxy.CallAsync<ListCount, CountReply>(default, null, cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>Replaces an item if it equals the expected one.</summary>
    /// <returns>True when it was set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public bool CompareExchange(int index, T item, T expected) => RequireFound(
        _proxy.Call<ListReplaceItem, ItemReply>(new(index, _proxy.EncodeValue(expected), _proxy.EncodeValue(item))),
        index).Status == ObjectStatus.Ok;

    /// <summary>Changes an item atomically. Blocks the thread.</summary>
    /// <param name="index">The key.</param>
    /// <param name="change">
    /// Computes the new item from the current one. Runs in this process, again after each concurrent change, so it should have no side
    /// effects.
    /// </param>
    /// <returns>The new item.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public T Update(int index, Func<T, T> change)
    {
        var seen = RequireFound(_proxy.Call<ListGet, ItemReply>(new(index)), index);
        while (true)
        {
            var wanted = change(DecodeItem(seen.RequiredItem));
            seen = RequireFound(
                _proxy.Call<ListReplaceItem, ItemReply>(new(index, seen.RequiredItem, _proxy.EncodeValue(wanted))), index);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    /// <inheritdoc cref="Update"/>
    public async Task<T> UpdateAsync(int index, Func<T, T> change, CancellationToken cancellationToken = default)
    {
        var seen = RequireFound(
            await _proxy.CallAsync<ListGet, ItemReply>(new(index), null, cancellationToken).ConfigureAwait(false), index);
        while (true)
        {
            var wanted = change(DecodeItem(seen.RequiredItem));
            seen = RequireFound(await _proxy.CallAsync<ListReplaceItem, ItemReply>(
                new(index, seen.RequiredItem, _proxy.EncodeValue(wanted)), null, cancellationToken).ConfigureAwait(false), index);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    /// <summary>Changes the whole list atomically. Blocks the thread.</summary>
    /// <param name="change">
    /// Computes the new items from the current ones. Runs in this process, again after each concurrent change, so it should have no side
    /// effects.
    /// </param>
    /// <exception cref="PayloadTooLargeException">The list is on a cluster and the new items exceed 12 MiB.</exception>
    public void UpdateAll(Func<IReadOnlyList<T>, IEnumerable<T>> change)
    {
        ObjectStatus status;
        do
        {
            var seen = ContainerPages.ReadAll<ListPage>(_proxy);
            status = _proxy.Call(new ListReplaceAll(seen.Version, EncodeAll(change(DecodeAll(seen)))));
        }
        while (status == ObjectStatus.Conflict);
    }

    /// <inheritdoc cref="UpdateAll"/>
    public async Task UpdateAllAsync(Func<IReadOnlyList<T>, IEnumerable<T>> change, CancellationToken cancellationToken = default)
    {
        ObjectStatus status;
        do
        {
            var seen = await ContainerPages.ReadAllAsync<ListPage>(_proxy, cancellationToken).ConfigureAwait(false);
            status = await _proxy.CallAsync(
                new ListReplaceAll(seen.Version, EncodeAll(change(DecodeAll(seen)))), null, cancellationToken).ConfigureAwait(false);
        }
        while (status == ObjectStatus.Conflict);
    }
}
