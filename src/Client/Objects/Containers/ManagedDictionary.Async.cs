using Actors.Messages.Objects;

namespace Actors;

public sealed partial class ManagedDictionary<TKey, TValue>
{
    /// <inheritdoc cref="Count"/>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        (int)(await CallAsync(ObjectOperation.DictionaryCount, cancellationToken).ConfigureAwait(false)).Number;

    /// <summary>Reads the value of a key.</summary>
    /// <returns>Whether the key exists, and its value.</returns>
    public async Task<(bool IsFound, TValue? Value)> TryGetValueAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var isFound = TryDecode(
            await CallAsync(ObjectOperation.DictionaryGet, cancellationToken, EncodeKey(key)).ConfigureAwait(false), out var value);
        return (isFound, value);
    }

    /// <inheritdoc cref="GetValueOrDefault"/>
    public async Task<TValue?> GetValueOrDefaultAsync(
        TKey key, TValue? defaultValue = default, CancellationToken cancellationToken = default) =>
        await TryGetValueAsync(key, cancellationToken).ConfigureAwait(false) is (true, var value) ? value : defaultValue;

    /// <inheritdoc cref="ContainsKey"/>
    public async Task<bool> ContainsKeyAsync(TKey key, CancellationToken cancellationToken = default) =>
        (await TryGetValueAsync(key, cancellationToken).ConfigureAwait(false)).IsFound;

    /// <inheritdoc cref="Add"/>
    public async Task AddAsync(TKey key, TValue value, CancellationToken cancellationToken = default)
    {
        if (!await TryAddAsync(key, value, cancellationToken).ConfigureAwait(false))
        {
            throw new ArgumentException(
                $"The managed dictionary already has the key '{key}'. Use SetAsync to replace its value.", nameof(key));
        }
    }

    /// <inheritdoc cref="TryAdd"/>
    public async Task<bool> TryAddAsync(TKey key, TValue value, CancellationToken cancellationToken = default) =>
        (await CallAsync(
            ObjectOperation.DictionaryAdd, cancellationToken, EncodeKey(key),
            _proxy.EncodeValue(value)).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="GetOrAdd(TKey, Func{TKey, TValue})"/>
    public async Task<TValue> GetOrAddAsync(TKey key, Func<TKey, TValue> factory, CancellationToken cancellationToken = default) =>
        await TryGetValueAsync(key, cancellationToken).ConfigureAwait(false) is (true, var value)
            ? value!
            : await GetOrAddAsync(key, factory(key), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="Pop"/>
    public async Task<TValue> PopAsync(TKey key, CancellationToken cancellationToken = default) =>
        await TryRemoveAsync(key, cancellationToken).ConfigureAwait(false) is (true, var value) ? value! : throw NotFound(key);

    /// <summary>Removes a key and returns its value.</summary>
    /// <returns>Whether the key existed, and its value.</returns>
    public async Task<(bool IsFound, TValue? Value)> TryRemoveAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var isFound = TryDecode(
            await CallAsync(ObjectOperation.DictionaryRemove, cancellationToken, EncodeKey(key)).ConfigureAwait(false), out var value);
        return (isFound, value);
    }

    /// <inheritdoc cref="PopItem"/>
    public async Task<KeyValuePair<TKey, TValue>> PopItemAsync(CancellationToken cancellationToken = default) =>
        DecodePopped(await CallAsync(ObjectOperation.DictionaryPopLast, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="Clear"/>
    public Task ClearAsync(CancellationToken cancellationToken = default) => CallAsync(ObjectOperation.DictionaryClear, cancellationToken);

    /// <inheritdoc cref="ToDictionary"/>
    public async Task<Dictionary<TKey, TValue>> ToDictionaryAsync(CancellationToken cancellationToken = default) =>
        new(await ToArrayAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="TryUpdate"/>
    public async Task<bool> TryUpdateAsync(TKey key, TValue value, TValue expected, CancellationToken cancellationToken = default)
    {
        var reply = await CallAsync(
            ObjectOperation.DictionaryReplace, cancellationToken, EncodeKey(key), _proxy.EncodeValue(expected),
            _proxy.EncodeValue(value)).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok;
    }
}
