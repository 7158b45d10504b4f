using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors;

public sealed partial class ManagedDictionary<TKey, TValue>
{
    /// <inheritdoc cref="Count"/>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        (int)(await _proxy.CallAsync<DictionaryCount, CountReply>(default, null, cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>Reads the value of a key.</summary>
    /// <returns>Whether the key exists, and its value.</returns>
    public async Task<(bool IsFound, TValue? Value)> TryGetValueAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var isFound = TryDecode(
            await _proxy.CallAsync<DictionaryGet, ItemReply>(
                new(EncodeKey(key)), null, cancellationToken).ConfigureAwait(false), out var value);
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
        (await _proxy.CallAsync<DictionaryAdd, ItemReply>(
            new(EncodeKey(key), _proxy.EncodeValue(value)), null, cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;

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
            await _proxy.CallAsync<DictionaryRemove, ItemReply>(
                new(EncodeKey(key)), null, cancellationToken).ConfigureAwait(false), out var value);
        return (isFound, value);
    }

    /// <inheritdoc cref="PopItem"/>
    public async Task<KeyValuePair<TKey, TValue>> PopItemAsync(CancellationToken cancellationToken = default) =>
        DecodePopped(await _proxy.CallAsync<DictionaryPopLast, PairReply>(default, null, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="Clear"/>
    public Task ClearAsync(CancellationToken cancellationToken = default) =>
        _proxy.CallAsync(new DictionaryClear(), null, cancellationToken).AsTask();

    /// <inheritdoc cref="ToDictionary"/>
    public async Task<Dictionary<TKey, TValue>> ToDictionaryAsync(CancellationToken cancellationToken = default) =>
        new(await ToArrayAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="TryUpdate"/>
    public async Task<bool> TryUpdateAsync(TKey key, TValue value, TValue expected, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync<DictionaryReplace, ItemReply>(
            new(EncodeKey(key), _proxy.EncodeValue(expected), _proxy.EncodeValue(value)), null, cancellationToken).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok;
    }
}
