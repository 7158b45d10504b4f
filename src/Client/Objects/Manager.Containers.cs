using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects.Containers;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>Creates a list, as Python's <c>manager.list(items)</c>.</summary>
    /// <param name="items">The initial content; null for none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="NotCarriedException"><typeparamref name="T"/> cannot be serialized.</exception>
    public async Task<ManagedList<T>> CreateListAsync<T>(IEnumerable<T>? items = null, CancellationToken cancellationToken = default)
    {
        ValueSerializer.RequireCarried<T>();
        var list = new ManagedList<T>(await CreateAsync(ObjectKind.List, 0, [], cancellationToken).ConfigureAwait(false));
        if (items is not null)
            await list.AddRangeAsync(items, cancellationToken).ConfigureAwait(false);
        return list;
    }

    /// <summary>Creates a dictionary, as Python's <c>manager.dict(pairs)</c>.</summary>
    /// <param name="pairs">The initial content; null for none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">
    /// <typeparamref name="TKey"/> cannot be a key, because its equal values can be serialized differently.
    /// </exception>
    /// <exception cref="NotCarriedException">A type cannot be serialized.</exception>
    public async Task<ManagedDictionary<TKey, TValue>> CreateDictionaryAsync<TKey, TValue>(
        IEnumerable<KeyValuePair<TKey, TValue>>? pairs = null, CancellationToken cancellationToken = default)
        where TKey : notnull
    {
        ValueSerializer.RequireCarried<TKey>();
        ValueSerializer.RequireCarried<TValue>();
        KeyTypes.RequireKeyType(typeof(TKey));
        var dictionary = new ManagedDictionary<TKey, TValue>(
            await CreateAsync(ObjectKind.Dictionary, 0, [], cancellationToken).ConfigureAwait(false));
        if (pairs is not null)
            await dictionary.SetManyAsync(pairs, cancellationToken).ConfigureAwait(false);
        return dictionary;
    }

    /// <summary>Creates a namespace, as Python's <c>manager.Namespace()</c>.</summary>
    public async Task<ManagedNamespace> CreateNamespaceAsync(CancellationToken cancellationToken = default) =>
        new(await CreateAsync(ObjectKind.Dictionary, 0, [], cancellationToken).ConfigureAwait(false));

    /// <summary>Creates a shared value, as Python's <c>manager.Value(typecode, value)</c>.</summary>
    /// <exception cref="NotCarriedException">The value cannot be serialized.</exception>
    public async Task<ManagedValue<T>> CreateValueAsync<T>(T value, CancellationToken cancellationToken = default)
    {
        var made = new ManagedValue<T>(await CreateAsync(
            ObjectKind.Value, 0, [ValueSerializer.ToBytes(value)], cancellationToken).ConfigureAwait(false));
        // Set again through the proxy, which registers proxies inside the value.
        await made.SetAsync(value, cancellationToken).ConfigureAwait(false);
        return made;
    }

    /// <summary>Blocking form of <see cref="CreateListAsync{T}"/>.</summary>
    public ManagedList<T> CreateList<T>(IEnumerable<T>? items = null) => CreateListAsync(items).WaitForResult();

    /// <summary>Blocking form of <see cref="CreateDictionaryAsync{TKey, TValue}"/>.</summary>
    public ManagedDictionary<TKey, TValue> CreateDictionary<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>>? pairs = null)
        where TKey : notnull => CreateDictionaryAsync(pairs).WaitForResult();

    /// <summary>Blocking form of <see cref="CreateNamespaceAsync"/>.</summary>
    public ManagedNamespace CreateNamespace() => CreateNamespaceAsync().WaitForResult();

    /// <summary>Blocking form of <see cref="CreateValueAsync{T}"/>.</summary>
    public ManagedValue<T> CreateValue<T>(T value) => CreateValueAsync(value).WaitForResult();
}
