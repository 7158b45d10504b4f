using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Objects.Containers;

namespace Actors;

/// <summary>
/// A dictionary shared by any number of processes, as Python's <c>Manager().dict()</c>. It preserves insertion order. A worker that
/// receives it as an argument gets a working proxy. Values are read as copies: a change to a copy has no effect until it is set again. Each
/// call is atomic; use <see cref="Update"/> or <see cref="GetOrAdd(TKey, TValue)"/> for changes that depend on the current content.
/// Enumeration runs over a snapshot. Members without <c>Async</c> block the thread for a round trip. Thread-safe.
/// </summary>
/// <typeparam name="TKey">
/// The key type: integers, strings, enums, and tuples or records of these. Types whose equal values can be serialized differently, such as
/// <see cref="double"/> and records with their own <c>Equals</c>, are rejected.
/// </typeparam>
/// <typeparam name="TValue">The value type; values are passed by value, and are equal when their serialized forms are.</typeparam>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
/// </remarks>
public sealed partial class ManagedDictionary<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>, ICarried<ManagedDictionary<TKey,
TValue>>
    where TKey : notnull
{
    private readonly ObjectProxy _proxy;

    internal ManagedDictionary(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>Gets the number of keys, at some moment during the call, as Python's <c>len()</c>.</summary>
    public int Count => (int)_proxy.Call<DictionaryCount, CountReply>().Count;

    /// <summary>Gets a snapshot of the keys, as Python's <c>keys()</c>.</summary>
    public IReadOnlyList<TKey> Keys => [.. ToArray().Select(pair => pair.Key)];

    /// <summary>Gets a snapshot of the values, as Python's <c>values()</c>.</summary>
    public IReadOnlyList<TValue> Values => [.. ToArray().Select(pair => pair.Value)];

    /// <summary>Gets or sets the value of a key.</summary>
    /// <exception cref="KeyNotFoundException">The key does not exist.</exception>
    public TValue this[TKey key]
    {
        get => TryGetValue(key, out var value) ? value : throw NotFound(key);
        set => _proxy.Call(EncodePair(key, value));
    }

    /// <summary>Reads the value of a key.</summary>
    /// <returns>True when the key exists.</returns>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) =>
        TryDecode(_proxy.Call<DictionaryGet, ItemReply>(new(EncodeKey(key))), out value);

    /// <summary>Returns the value of a key, or the given default, as Python's <c>get</c>.</summary>
    public TValue? GetValueOrDefault(TKey key, TValue? defaultValue = default) => TryGetValue(key, out var value) ? value : defaultValue;

    /// <summary>Returns whether the key exists, as Python's <c>in</c>.</summary>
    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    /// <summary>Adds a key.</summary>
    /// <exception cref="ArgumentException">The key exists already.</exception>
    public void Add(TKey key, TValue value)
    {
        if (!TryAdd(key, value))
        {
            throw new ArgumentException(
                $"The managed dictionary already has the key '{key}'. Use the indexer to replace its value.", nameof(key));
        }
    }

    /// <summary>Adds a key unless it exists.</summary>
    /// <returns>True when it was set.</returns>
    public bool TryAdd(TKey key, TValue value) =>
        _proxy.Call<DictionaryAdd, ItemReply>(new(EncodeKey(key), _proxy.EncodeValue(value))).Status == ObjectStatus.Ok;

    /// <summary>
    /// Returns the value of a key, after adding the given value when the key does not exist, as Python's <c>setdefault</c>.
    /// </summary>
    public TValue GetOrAdd(TKey key, TValue value)
    {
        var reply = _proxy.Call<DictionaryAdd, ItemReply>(new(EncodeKey(key), _proxy.EncodeValue(value)));
        return reply.Status == ObjectStatus.Ok ? value : DecodeValue(reply);
    }

    /// <summary>
    /// Works as <see cref="GetOrAdd(TKey, TValue)"/>. The factory runs only when the key does not exist; a concurrent call can still add
    /// its value first.
    /// </summary>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> factory) => TryGetValue(key, out var value) ? value : GetOrAdd(key, factory(key));

    /// <summary>Sets many keys atomically in one message, as Python's <c>update</c>.</summary>
    /// <exception cref="PayloadTooLargeException">
    /// The dictionary is on a cluster and the pairs exceed 12 MiB: set them in parts.
    /// </exception>
    public void SetMany(IEnumerable<KeyValuePair<TKey, TValue>> pairs) => _proxy.Call(EncodeAll(pairs));

    /// <inheritdoc cref="SetMany"/>
    public Task SetManyAsync(IEnumerable<KeyValuePair<TKey, TValue>> pairs, CancellationToken cancellationToken = default) =>
        _proxy.CallAsync(EncodeAll(pairs), null, cancellationToken).AsTask();

    /// <summary>Removes a key and returns its value, as Python's <c>pop</c>.</summary>
    /// <exception cref="KeyNotFoundException">The key does not exist.</exception>
    public TValue Pop(TKey key) => TryRemove(key, out var value) ? value : throw NotFound(key);

    /// <summary>Removes a key, as Python's <c>del</c>.</summary>
    /// <returns>True when the key existed.</returns>
    public bool Remove(TKey key) => TryRemove(key, out _);

    /// <summary>Removes a key and returns its value.</summary>
    /// <returns>True when the key existed.</returns>
    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value) =>
        TryDecode(_proxy.Call<DictionaryRemove, ItemReply>(new(EncodeKey(key))), out value);

    /// <summary>Removes the last added key and returns it with its value, as Python's <c>popitem</c>.</summary>
    /// <exception cref="InvalidOperationException">The dictionary is empty.</exception>
    public KeyValuePair<TKey, TValue> PopItem() => DecodePopped(_proxy.Call<DictionaryPopLast, PairReply>());

    /// <summary>Removes all keys, as Python's <c>clear</c>.</summary>
    public void Clear() => _proxy.Call(new DictionaryClear());

    /// <summary>Returns a snapshot of all pairs, as Python's <c>items()</c>.</summary>
    public KeyValuePair<TKey, TValue>[] ToArray() => DecodeAll(ContainerPages.ReadAll<DictionaryPage>(_proxy));

    /// <summary>Returns a snapshot as a dictionary, as Python's <c>copy()</c>.</summary>
    public Dictionary<TKey, TValue> ToDictionary() => new(ToArray());

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => ((IEnumerable<KeyValuePair<TKey, TValue>>)ToArray()).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Returns the first 20 pairs as text. Blocks for a round trip.</summary>
    public override string ToString() => $"{{{string.Join(", ", ToArray().Take(20).Select(pair => $"{pair.Key}: {pair.Value}"))}}}";

    void ICarried<ManagedDictionary<TKey, TValue>>.WriteTo(ref ValueWriter writer) => _proxy.WriteTo(ref writer);

    static ManagedDictionary<TKey, TValue> ICarried<ManagedDictionary<TKey, TValue>>.ReadFrom(ref ValueReader reader) =>
        new(ObjectProxy.ReadFrom(ref reader));

    private ReadOnlyMemory<byte> EncodeKey(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _proxy.EncodeValue(key);
    }

    private DictionarySet EncodePair(TKey key, TValue value) => new([EncodeKey(key), _proxy.EncodeValue(value)]);

    private DictionarySet EncodeAll(IEnumerable<KeyValuePair<TKey, TValue>> pairs) =>
        new([.. pairs.SelectMany(pair => new[] { EncodeKey(pair.Key), _proxy.EncodeValue(pair.Value) })]);

    private TValue DecodeValue(ItemReply reply) => _proxy.DecodeValue<TValue>(reply.RequiredItem);

    private KeyValuePair<TKey, TValue> DecodePopped(PairReply reply) => reply.Status == ObjectStatus.Ok
        ? KeyValuePair.Create(_proxy.DecodeValue<TKey>(reply.Key), _proxy.DecodeValue<TValue>(reply.Value))
        : throw new InvalidOperationException("Cannot pop an item: the managed dictionary is empty.");

    private bool TryDecode(ItemReply reply, [MaybeNullWhen(false)] out TValue value)
    {
        value = reply.Status == ObjectStatus.Ok ? DecodeValue(reply) : default;
        return reply.Status == ObjectStatus.Ok;
    }

    private KeyValuePair<TKey, TValue>[] DecodeAll(ContainerPages.ContainerSnapshot snapshot) =>
        [.. snapshot.Parts.Chunk(2).Select(
            pair => KeyValuePair.Create(_proxy.DecodeValue<TKey>(pair[0]), _proxy.DecodeValue<TValue>(pair[1])))];

    private static KeyNotFoundException NotFound(TKey key) =>
        new($"The managed dictionary has no key '{key}'. Use TryGetValue, or add the key first.");
}
