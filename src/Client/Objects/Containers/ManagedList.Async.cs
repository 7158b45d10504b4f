using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors;

public sealed partial class ManagedList<T>
{
    /// <inheritdoc cref="Insert"/>
    public async Task InsertAsync(Index index, T item, CancellationToken cancellationToken = default)
    {
        var at = await GetPositionAsync(index, cancellationToken).ConfigureAwait(false);
        RequireFound(
            await _proxy.CallAsync(new ListInsert(at, [_proxy.EncodeValue(item)]), null, cancellationToken).ConfigureAwait(false), index);
    }

    /// <inheritdoc cref="Pop"/>
    public async Task<T> PopAsync(Index? index = null, CancellationToken cancellationToken = default)
    {
        var at = index is { } some && !some.Equals(^1) ? await GetPositionAsync(some, cancellationToken).ConfigureAwait(false) : -1;
        return DecodeFound(
            await _proxy.CallAsync<ListRemoveAt, ItemReply>(new(at), null, cancellationToken).ConfigureAwait(false), index ?? ^1);
    }

    /// <inheritdoc cref="RemoveAt"/>
    public Task RemoveAtAsync(Index index, CancellationToken cancellationToken = default) => PopAsync(index, cancellationToken);

    /// <inheritdoc cref="RemoveRange"/>
    public Task RemoveRangeAsync(int start, int count, CancellationToken cancellationToken = default) =>
        ReplaceRangeAsync(start, count, [], cancellationToken);

    /// <inheritdoc cref="Remove"/>
    public async Task<bool> RemoveAsync(T item, CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(new ListRemove(_proxy.EncodeValue(item)), null, cancellationToken).ConfigureAwait(false) == ObjectStatus.Ok;

    /// <inheritdoc cref="ReplaceRange"/>
    public async Task ReplaceRangeAsync(int start, int count, IEnumerable<T> items, CancellationToken cancellationToken = default) =>
        RequireFound(
            await _proxy.CallAsync(
                new ListReplaceRange(start, count, EncodeAll(items)), null, cancellationToken).ConfigureAwait(false), start);

    /// <inheritdoc cref="IndexOf"/>
    public async Task<int> IndexOfAsync(T item, int start = 0, CancellationToken cancellationToken = default) =>
        ToIndex(await _proxy.CallAsync<ListIndexOf, IndexReply>(
            new(_proxy.EncodeValue(item), start), null, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="Contains"/>
    public async Task<bool> ContainsAsync(T item, CancellationToken cancellationToken = default) =>
        await IndexOfAsync(item, 0, cancellationToken).ConfigureAwait(false) >= 0;

    /// <inheritdoc cref="CountOf"/>
    public async Task<int> CountOfAsync(T item, CancellationToken cancellationToken = default) =>
        (int)(await _proxy.CallAsync<ListCountOf, CountReply>(
            new(_proxy.EncodeValue(item)), null, cancellationToken).ConfigureAwait(false)).Count;

    /// <inheritdoc cref="Reverse"/>
    public Task ReverseAsync(CancellationToken cancellationToken = default) =>
        _proxy.CallAsync(new ListReverse(), null, cancellationToken).AsTask();

    /// <inheritdoc cref="Clear"/>
    public Task ClearAsync(CancellationToken cancellationToken = default) =>
        _proxy.CallAsync(new ListReplaceAll(ListReplaceAll.AnyVersion, []), null, cancellationToken).AsTask();

    /// <inheritdoc cref="Sort"/>
    public Task SortAsync(IComparer<T>? comparer = null, CancellationToken cancellationToken = default) =>
        UpdateAllAsync(items => items.Order(comparer), cancellationToken);

    /// <inheritdoc cref="SortBy"/>
    public Task SortByAsync<TKey>(Func<T, TKey> key, CancellationToken cancellationToken = default) =>
        UpdateAllAsync(items => items.OrderBy(key), cancellationToken);

    /// <inheritdoc cref="Repeat"/>
    public Task RepeatAsync(int times, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        return UpdateAllAsync(items => Enumerable.Repeat(items, times).SelectMany(all => all), cancellationToken);
    }

    /// <inheritdoc cref="CompareExchange"/>
    public async Task<bool> CompareExchangeAsync(int index, T item, T expected, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync<ListReplaceItem, ItemReply>(
            new(index, _proxy.EncodeValue(expected), _proxy.EncodeValue(item)), null, cancellationToken).ConfigureAwait(false);
        return RequireFound(reply, index).Status == ObjectStatus.Ok;
    }

    private async Task<long> GetPositionAsync(Index index, CancellationToken cancellationToken)
    {
        var at = index.IsFromEnd ? await CountAsync(cancellationToken).ConfigureAwait(false) - index.Value : index.Value;
        return at >= 0 ? at : throw CreateOutOfRange(index);
    }
}
