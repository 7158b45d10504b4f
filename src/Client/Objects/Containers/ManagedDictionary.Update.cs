using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Objects.Containers;

namespace Actors;

public sealed partial class ManagedDictionary<TKey, TValue>
{
    /// <summary>Reads the value of a key.</summary>
    /// <exception cref="KeyNotFoundException">The key does not exist.</exception>
    public async Task<TValue> GetAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync<DictionaryGet, ItemReply>(new(EncodeKey(key)), null, cancellationToken).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? DecodeValue(reply) : throw NotFound(key);
    }

    /// <summary>Sets the value of a key.</summary>
    public Task SetAsync(TKey key, TValue value, CancellationToken cancellationToken = default) =>
        _proxy.CallAsync(EncodePair(key, value), null, cancellationToken).AsTask();

    /// <inheritdoc cref="GetOrAdd(TKey, TValue)"/>
    public async Task<TValue> GetOrAddAsync(TKey key, TValue value, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync<DictionaryAdd, ItemReply>(
            new(EncodeKey(key), _proxy.EncodeValue(value)), null, cancellationToken).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? value : DecodeValue(reply);
    }

    /// <summary>Removes a key.</summary>
    /// <returns>True when the key existed.</returns>
    public async Task<bool> RemoveAsync(TKey key, CancellationToken cancellationToken = default) =>
        (await _proxy.CallAsync<DictionaryRemove, ItemReply>(
            new(EncodeKey(key)), null, cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="ToArray"/>
    public async Task<KeyValuePair<TKey, TValue>[]> ToArrayAsync(CancellationToken cancellationToken = default) =>
        DecodeAll(await ContainerPages.ReadAllAsync<DictionaryPage>(_proxy, cancellationToken).ConfigureAwait(false));

    /// <summary>Sets the value of a key if the current value equals the expected one.</summary>
    /// <returns>True when it was set; false when the value differs or the key does not exist.</returns>
    public bool TryUpdate(TKey key, TValue value, TValue expected) =>
        _proxy.Call<DictionaryReplace, ItemReply>(
            new(EncodeKey(key), _proxy.EncodeValue(expected), _proxy.EncodeValue(value))).Status == ObjectStatus.Ok;

    /// <summary>Changes the value of a key atomically: <c>counts.Update("the", n => n + 1)</c>. Blocks the thread.</summary>
    /// <param name="key">The key.</param>
    /// <param name="change">
    /// Computes the new value from the current one. Runs in this process, again after each concurrent change, so it should have no side
    /// effects.
    /// </param>
    /// <returns>The new value.</returns>
    /// <exception cref="KeyNotFoundException">The key does not exist.</exception>
    public TValue Update(TKey key, Func<TValue, TValue> change) =>
        ChangeValue(key, static key => throw NotFound(key), change);

    /// <summary>Adds a key, or changes its value, atomically. Blocks the thread.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value for a new key.</param>
    /// <param name="change">Computes the new value, as in <see cref="Update"/>.</param>
    /// <returns>The new value.</returns>
    public TValue AddOrUpdate(TKey key, TValue value, Func<TValue, TValue> change) => ChangeValue(key, _ => value, change);

    /// <inheritdoc cref="Update"/>
    public Task<TValue> UpdateAsync(TKey key, Func<TValue, TValue> change, CancellationToken cancellationToken = default) =>
        ChangeValueAsync(key, static key => throw NotFound(key), change, cancellationToken);

    /// <inheritdoc cref="AddOrUpdate"/>
    public Task<TValue> AddOrUpdateAsync(
        TKey key, TValue value, Func<TValue, TValue> change, CancellationToken cancellationToken = default) =>
        ChangeValueAsync(key, _ => value, change, cancellationToken);

    private TValue ChangeValue(TKey key, Func<TKey, TValue> first, Func<TValue, TValue> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var encoded = EncodeKey(key);
        var seen = _proxy.Call<DictionaryGet, ItemReply>(new(encoded));
        while (true)
        {
            var isNew = seen.Status == ObjectStatus.NotFound;
            var wanted = isNew ? first(key) : change(DecodeValue(seen));
            seen = isNew
                ? _proxy.Call<DictionaryAdd, ItemReply>(new(encoded, _proxy.EncodeValue(wanted)))
                : _proxy.Call<DictionaryReplace, ItemReply>(new(encoded, seen.RequiredItem, _proxy.EncodeValue(wanted)));
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    private async Task<TValue> ChangeValueAsync(
        TKey key, Func<TKey, TValue> first, Func<TValue, TValue> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var encoded = EncodeKey(key);
        var seen = await _proxy.CallAsync<DictionaryGet, ItemReply>(new(encoded), null, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var isNew = seen.Status == ObjectStatus.NotFound;
            var wanted = isNew ? first(key) : change(DecodeValue(seen));
            seen = isNew
                ? await _proxy.CallAsync<DictionaryAdd, ItemReply>(
                    new(encoded, _proxy.EncodeValue(wanted)), null, cancellationToken).ConfigureAwait(false)
                : await _proxy.CallAsync<DictionaryReplace, ItemReply>(
                    new(encoded, seen.RequiredItem, _proxy.EncodeValue(wanted)), null, cancellationToken).ConfigureAwait(false);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }
}
