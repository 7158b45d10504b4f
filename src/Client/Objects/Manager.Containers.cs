using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects.Containers;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>Makes a list, as Python's <c>manager.list(items)</c>.</summary>
    /// <param name="items">What it holds at first; null is nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotCarriedException"><typeparamref name="T"/> cannot travel.</exception>
    public async Task<ManagedList<T>> CreateListAsync<T>(IEnumerable<T>? items = null, CancellationToken cancellationToken = default)
    {
        ValueSerializer.Require<T>();
        var list = new ManagedList<T>(await CreateAsync(ObjectKind.List, 0, [], cancellationToken).ConfigureAwait(false));
        if (items is not null)
            await list.AddRangeAsync(items, cancellationToken).ConfigureAwait(false);
        return list;
    }

    /// <summary>Makes a dictionary, as Python's <c>manager.dict(pairs)</c>.</summary>
    /// <param name="pairs">What it holds at first; null is nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">Equal values of <typeparamref name="TKey"/> can be written differently, so it cannot be a key.</exception>
    /// <exception cref="NotCarriedException">A type cannot travel.</exception>
    public async Task<ManagedDictionary<TKey, TValue>> CreateDictionaryAsync<TKey, TValue>(
        IEnumerable<KeyValuePair<TKey, TValue>>? pairs = null, CancellationToken cancellationToken = default)
        where TKey : notnull
    {
        ValueSerializer.Require<TKey>();
        ValueSerializer.Require<TValue>();
        KeyTypes.Require(typeof(TKey));
        var dictionary = new ManagedDictionary<TKey, TValue>(await CreateAsync(ObjectKind.Dictionary, 0, [], cancellationToken).ConfigureAwait(false));
        if (pairs is not null)
            await dictionary.SetManyAsync(pairs, cancellationToken).ConfigureAwait(false);
        return dictionary;
    }

    /// <summary>Makes a namespace, as Python's <c>manager.Namespace()</c>.</summary>
    public async Task<ManagedNamespace> CreateNamespaceAsync(CancellationToken cancellationToken = default) =>
        new(await CreateAsync(ObjectKind.Dictionary, 0, [], cancellationToken).ConfigureAwait(false));

    /// <summary>Makes a shared value, as Python's <c>manager.Value(typecode, value)</c>.</summary>
    /// <exception cref="NotCarriedException">The value cannot travel.</exception>
    public async Task<ManagedValue<T>> CreateValueAsync<T>(T value, CancellationToken cancellationToken = default)
    {
        var made = new ManagedValue<T>(await CreateAsync(
            ObjectKind.Value, 0, [ValueSerializer.ToBytes(value)], cancellationToken).ConfigureAwait(false));
        // Again, by the way that knows of proxies in it.
        await made.SetAsync(value, cancellationToken).ConfigureAwait(false);
        return made;
    }

    /// <summary>As <see cref="CreateListAsync{T}"/>, blocking.</summary>
    public ManagedList<T> CreateList<T>(IEnumerable<T>? items = null) => CreateListAsync(items).GetAwaiter().GetResult();

    /// <summary>As <see cref="CreateDictionaryAsync{TKey, TValue}"/>, blocking.</summary>
    public ManagedDictionary<TKey, TValue> CreateDictionary<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>>? pairs = null)
        where TKey : notnull => CreateDictionaryAsync(pairs).GetAwaiter().GetResult();

    /// <summary>As <see cref="CreateNamespaceAsync"/>, blocking.</summary>
    public ManagedNamespace CreateNamespace() => CreateNamespaceAsync().GetAwaiter().GetResult();

    /// <summary>As <see cref="CreateValueAsync{T}"/>, blocking.</summary>
    public ManagedValue<T> CreateValue<T>(T value) => CreateValueAsync(value).GetAwaiter().GetResult();
}
