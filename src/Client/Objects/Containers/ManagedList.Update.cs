using Actors.Messages.Objects;
using Actors.Objects.Containers;

namespace Actors;

public sealed partial class ManagedList<T>
{
    /// <summary>Reads an item.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public async Task<T> GetAsync(int index, CancellationToken cancellationToken = default) =>
        Decode(Found(await CallAsync(ObjectOperation.ListGet, index, cancellationToken).ConfigureAwait(false), index).Payloads[0]);

    /// <summary>Replaces an item.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public async Task SetAsync(int index, T item, CancellationToken cancellationToken = default) =>
        Found(await CallAsync(ObjectOperation.ListSet, index, cancellationToken, _proxy.Encode(item)).ConfigureAwait(false), index);

    /// <summary>How many items it has.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        (int)(await CallAsync(ObjectOperation.ListCount, 0, cancellationToken).ConfigureAwait(false)).Number;

    /// <summary>Sets an item where it is what is expected.</summary>
    /// <returns>Whether it was set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public bool CompareExchange(int index, T item, T expected) => Found(
        Call(ObjectOperation.ListReplaceItem, index, _proxy.Encode(expected), _proxy.Encode(item)), index).Status == ObjectStatus.Ok;

    /// <summary>Changes an item as if nobody else could meanwhile. Blocks.</summary>
    /// <param name="index">Which.</param>
    /// <param name="change">Gives the new item; runs here, again whenever somebody else was faster, so it should do nothing else.</param>
    /// <returns>The new item.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public T Update(int index, Func<T, T> change)
    {
        var seen = Found(Call(ObjectOperation.ListGet, index), index);
        while (true)
        {
            var wanted = change(Decode(seen.Payloads[0]));
            seen = Found(Call(ObjectOperation.ListReplaceItem, index, seen.Payloads[0], _proxy.Encode(wanted)), index);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    /// <inheritdoc cref="Update"/>
    public async Task<T> UpdateAsync(int index, Func<T, T> change, CancellationToken cancellationToken = default)
    {
        var seen = Found(await CallAsync(ObjectOperation.ListGet, index, cancellationToken).ConfigureAwait(false), index);
        while (true)
        {
            var wanted = change(Decode(seen.Payloads[0]));
            seen = Found(await CallAsync(
                ObjectOperation.ListReplaceItem, index, cancellationToken, seen.Payloads[0], _proxy.Encode(wanted)).ConfigureAwait(false), index);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    /// <summary>Changes the whole list as if nobody else could meanwhile. Blocks.</summary>
    /// <param name="change">Gives the new items; runs here, again whenever somebody else was faster, so it should do nothing else.</param>
    /// <exception cref="PayloadTooLargeException">The list is on a cluster and the new items do not fit into a message.</exception>
    public void UpdateAll(Func<IReadOnlyList<T>, IEnumerable<T>> change)
    {
        ObjectReply reply;
        do
        {
            var seen = Pages.Read(_proxy, ObjectOperation.ListPage, 1);
            reply = Call(ObjectOperation.ListReplaceAll, seen.Version, [.. change(DecodeAll(seen)).Select(_proxy.Encode)]);
        }
        while (reply.Status == ObjectStatus.Conflict);
    }

    /// <inheritdoc cref="UpdateAll"/>
    public async Task UpdateAllAsync(Func<IReadOnlyList<T>, IEnumerable<T>> change, CancellationToken cancellationToken = default)
    {
        ObjectReply reply;
        do
        {
            var seen = await Pages.ReadAsync(_proxy, ObjectOperation.ListPage, 1, cancellationToken).ConfigureAwait(false);
            reply = await CallAsync(
                ObjectOperation.ListReplaceAll, seen.Version, cancellationToken, [.. change(DecodeAll(seen)).Select(_proxy.Encode)]).ConfigureAwait(false);
        }
        while (reply.Status == ObjectStatus.Conflict);
    }
}
