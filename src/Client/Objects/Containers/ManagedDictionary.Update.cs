using Actors.Messages.Objects;
using Actors.Objects.Containers;

namespace Actors;

public sealed partial class ManagedDictionary<TKey, TValue>
{
    /// <summary>Reads the value of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public async Task<TValue> GetAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var reply = await CallAsync(ObjectOperation.DictionaryGet, cancellationToken, Encode(key)).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? Decode(reply) : throw NotFound(key);
    }

    /// <summary>Sets a key.</summary>
    public Task SetAsync(TKey key, TValue value, CancellationToken cancellationToken = default) =>
        CallAsync(ObjectOperation.DictionarySet, cancellationToken, Encode(key), _proxy.Encode(value));

    /// <inheritdoc cref="GetOrAdd(TKey, TValue)"/>
    public async Task<TValue> GetOrAddAsync(TKey key, TValue value, CancellationToken cancellationToken = default)
    {
        var reply = await CallAsync(ObjectOperation.DictionaryAdd, cancellationToken, Encode(key), _proxy.Encode(value)).ConfigureAwait(false);
        return reply.Status == ObjectStatus.Ok ? value : Decode(reply);
    }

    /// <summary>Takes a key out.</summary>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> RemoveAsync(TKey key, CancellationToken cancellationToken = default) =>
        (await CallAsync(ObjectOperation.DictionaryRemove, cancellationToken, Encode(key)).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="ToArray"/>
    public async Task<KeyValuePair<TKey, TValue>[]> ToArrayAsync(CancellationToken cancellationToken = default) =>
        DecodeAll(await Pages.ReadAsync(_proxy, ObjectOperation.DictionaryPage, 2, cancellationToken).ConfigureAwait(false));

    /// <summary>Sets a key where its value is what is expected.</summary>
    /// <returns>Whether it was set; false also when there is no such key.</returns>
    public bool TryUpdate(TKey key, TValue value, TValue expected) =>
        Call(ObjectOperation.DictionaryReplace, Encode(key), _proxy.Encode(expected), _proxy.Encode(value)).Status == ObjectStatus.Ok;

    /// <summary>Changes the value of a key as if nobody else could meanwhile: <c>counts.Update("the", n => n + 1)</c>. Blocks.</summary>
    /// <param name="key">Which.</param>
    /// <param name="change">Gives the new value; runs here, again whenever somebody else was faster, so it should do nothing else.</param>
    /// <returns>The new value.</returns>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public TValue Update(TKey key, Func<TValue, TValue> change) =>
        Change(key, static key => throw NotFound(key), change);

    /// <summary>Sets a key that is not there, or changes its value, as if nobody else could meanwhile. Blocks.</summary>
    /// <param name="key">Which.</param>
    /// <param name="value">What it is set to when it is not there.</param>
    /// <param name="change">As in <see cref="Update"/>.</param>
    /// <returns>The new value.</returns>
    public TValue AddOrUpdate(TKey key, TValue value, Func<TValue, TValue> change) => Change(key, _ => value, change);

    /// <inheritdoc cref="Update"/>
    public Task<TValue> UpdateAsync(TKey key, Func<TValue, TValue> change, CancellationToken cancellationToken = default) =>
        ChangeAsync(key, static key => throw NotFound(key), change, cancellationToken);

    /// <inheritdoc cref="AddOrUpdate"/>
    public Task<TValue> AddOrUpdateAsync(TKey key, TValue value, Func<TValue, TValue> change, CancellationToken cancellationToken = default) =>
        ChangeAsync(key, _ => value, change, cancellationToken);

    private TValue Change(TKey key, Func<TKey, TValue> first, Func<TValue, TValue> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var encoded = Encode(key);
        var seen = Call(ObjectOperation.DictionaryGet, encoded);
        while (true)
        {
            var isNew = seen.Status == ObjectStatus.NotFound;
            var wanted = isNew ? first(key) : change(Decode(seen));
            seen = isNew
                ? Call(ObjectOperation.DictionaryAdd, encoded, _proxy.Encode(wanted))
                : Call(ObjectOperation.DictionaryReplace, encoded, seen.Payloads[0], _proxy.Encode(wanted));
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }

    private async Task<TValue> ChangeAsync(
        TKey key, Func<TKey, TValue> first, Func<TValue, TValue> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var encoded = Encode(key);
        var seen = await CallAsync(ObjectOperation.DictionaryGet, cancellationToken, encoded).ConfigureAwait(false);
        while (true)
        {
            var isNew = seen.Status == ObjectStatus.NotFound;
            var wanted = isNew ? first(key) : change(Decode(seen));
            seen = isNew
                ? await CallAsync(ObjectOperation.DictionaryAdd, cancellationToken, encoded, _proxy.Encode(wanted)).ConfigureAwait(false)
                : await CallAsync(
                    ObjectOperation.DictionaryReplace, cancellationToken, encoded, seen.Payloads[0], _proxy.Encode(wanted)).ConfigureAwait(false);
            if (seen.Status == ObjectStatus.Ok)
                return wanted;
        }
    }
}
