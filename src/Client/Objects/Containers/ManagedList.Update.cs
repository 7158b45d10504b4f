using Actors.Messages.Objects;
using Actors.Objects.Containers;

namespace Actors;

public sealed partial class ManagedList<T>
{
    /// <summary>Reads an item.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public async Task<T> GetAsync(int index, CancellationToken cancellationToken = default) =>
        DecodeItem(
            RequireFound(await CallAsync(ObjectOperation.ListGet, index, cancellationToken).ConfigureAwait(false), index).Payloads[0]);

    /// <summary>Replaces an item.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public async Task SetAsync(int index, T item, CancellationToken cancellationToken = default) =>
        RequireFound(
            await CallAsync(ObjectOperation.ListSet, index, cancellationToken, _proxy.EncodeValue(item)).ConfigureAwait(false), index);

    /// <summary>Returns the number of items.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        (int)(await CallAsync(ObjectOperation.ListCount, 0, cancellationToken).ConfigureAwait(false)).Number;

    /// <summary>Replaces an item if it equals the expected one.</summary>
    /// <returns>True when it was set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public bool CompareExchange(int index, T item, T expected) => RequireFound(
        Call(ObjectOperation.ListReplaceItem, index, _proxy.EncodeValue(expected), _proxy.EncodeValue(item)),
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
        var seen = RequireFound(Call(ObjectOperation.ListGet, index), index);
        while (true)
        {
            var wanted = change(DecodeItem(seen.Payloads[0]));
            seen = RequireFound(Call(ObjectOperation.ListReplaceItem, index, seen.Payloads[0], _proxy.EncodeValue(wanted)), index);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    /// <inheritdoc cref="Update"/>
    public async Task<T> UpdateAsync(int index, Func<T, T> change, CancellationToken cancellationToken = default)
    {
        var seen = RequireFound(await CallAsync(ObjectOperation.ListGet, index, cancellationToken).ConfigureAwait(false), index);
        while (true)
        {
            var wanted = change(DecodeItem(seen.Payloads[0]));
            seen = RequireFound(await CallAsync(
                ObjectOperation.ListReplaceItem, index, cancellationToken, seen.Payloads[0],
                _proxy.EncodeValue(wanted)).ConfigureAwait(false), index);
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
        ObjectReply reply;
        do
        {
            var seen = ContainerPages.ReadAll(_proxy, ObjectOperation.ListPage, 1);
            reply = Call(ObjectOperation.ListReplaceAll, seen.Version, [.. change(DecodeAll(seen)).Select(_proxy.EncodeValue)]);
        }
        while (reply.Status == ObjectStatus.Conflict);
    }

    /// <inheritdoc cref="UpdateAll"/>
    public async Task UpdateAllAsync(Func<IReadOnlyList<T>, IEnumerable<T>> change, CancellationToken cancellationToken = default)
    {
        ObjectReply reply;
        do
        {
            var seen = await ContainerPages.ReadAllAsync(_proxy, ObjectOperation.ListPage, 1, cancellationToken).ConfigureAwait(false);
            reply = await CallAsync(
                ObjectOperation.ListReplaceAll, seen.Version, cancellationToken,
                [.. change(DecodeAll(seen)).Select(_proxy.EncodeValue)]).ConfigureAwait(false);
        }
        while (reply.Status == ObjectStatus.Conflict);
    }
}
