using Actors.Messages.Objects;
using Actors.Objects.Containers;

namespace Actors;

public sealed partial class ManagedDictionary<TKey, TValue>
{
    /// <summary>Reads the value of a key.</summary>
    /// <exception cref="KeyNotFoundException">The key does not exist.</exception>
    public async Task<TValue> GetAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var reply = await CallAsync(ObjectOperation.DictionaryGet, cancellationToken, EncodeKey(key)).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? DecodeValue(reply) : throw NotFound(key);
    }

    /// <summary>Sets the value of a key.</summary>
    public Task SetAsync(TKey key, TValue value, CancellationToken cancellationToken = default) =>
        CallAsync(ObjectOperation.DictionarySet, cancellationToken, EncodeKey(key), _proxy.EncodeValue(value));

    /// <inheritdoc cref="GetOrAdd(TKey, TValue)"/>
    public async Task<TValue> GetOrAddAsync(TKey key, TValue value, CancellationToken cancellationToken = default)
    {
        var reply = await CallAsync(
            ObjectOperation.DictionaryAdd, cancellationToken, EncodeKey(key), _proxy.EncodeValue(value)).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? value : DecodeValue(reply);
    }

    /// <summary>Removes a key.</summary>
    /// <returns>True when the key existed.</returns>
    public async Task<bool> RemoveAsync(TKey key, CancellationToken cancellationToken = default) =>
        (await CallAsync(
            ObjectOperation.DictionaryRemove, cancellationToken, EncodeKey(key)).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="ToArray"/>
    public async Task<KeyValuePair<TKey, TValue>[]> ToArrayAsync(CancellationToken cancellationToken = default) =>
        DecodeAll(await ContainerPages.ReadAllAsync(_proxy, ObjectOperation.DictionaryPage, 2, cancellationToken).ConfigureAwait(false));

    /// <summary>Sets the value of a key if the current value equals the expected one.</summary>
    /// <returns>True when it was set; false when the value differs or the key does not exist.</returns>
    public bool TryUpdate(TKey key, TValue value, TValue expected) =>
        Call(ObjectOperation.DictionaryReplace, EncodeKey(key), _proxy.EncodeValue(expected),
            _proxy.EncodeValue(value)).Status == ObjectStatus.Ok;

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
        var seen = Call(ObjectOperation.DictionaryGet, encoded);
        while (true)
        {
            var isNew = seen.Status == ObjectStatus.NotFound;
            var wanted = isNew ? first(key) : change(DecodeValue(seen));
            seen = isNew
                ? Call(ObjectOperation.DictionaryAdd, encoded, _proxy.EncodeValue(wanted))
                : Call(ObjectOperation.DictionaryReplace, encoded, seen.Payloads[0], _proxy.EncodeValue(wanted));
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    private async Task<TValue> ChangeValueAsync(
        TKey key, Func<TKey, TValue> first, Func<TValue, TValue> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var encoded = EncodeKey(key);
        var seen = await CallAsync(ObjectOperation.DictionaryGet, cancellationToken, encoded).ConfigureAwait(false);
        while (true)
        {
            var isNew = seen.Status == ObjectStatus.NotFound;
            var wanted = isNew ? first(key) : change(DecodeValue(seen));
            seen = isNew
                ? await CallAsync(
                    ObjectOperation.DictionaryAdd, cancellationToken, encoded, _proxy.EncodeValue(wanted)).ConfigureAwait(false)
                : await CallAsync(
                    ObjectOperation.DictionaryReplace, cancellationToken, encoded, seen.Payloads[0],
                    _proxy.EncodeValue(wanted)).ConfigureAwait(false);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }
}
