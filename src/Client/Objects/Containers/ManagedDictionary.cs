using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Objects.Containers;

namespace Actors;

/// <summary>
/// A dictionary that any number of processes share, as Python's <c>Manager().dict()</c>; it keeps the order in which keys were first set. Pass it as
/// an argument: it arrives as a working proxy. What is read is a copy: changing a value that was read changes nothing here until it is
/// set again. Each call is atomic, and no more than one: <see cref="Update"/> and <see cref="GetOrAdd(TKey, TValue)"/> are for changes that
/// depend on what is there. Enumerating goes over what was there when it began. Members without <c>Async</c> block the thread for a round trip.
/// Thread-safe.
/// </summary>
/// <typeparam name="TKey">
/// The keys: whole numbers, text, enums, and tuples or records of such. Types of which equal values can be written differently, such as
/// <see cref="double"/> and records with an <c>Equals</c> of their own, are refused.
/// </typeparam>
/// <typeparam name="TValue">The values; travel by value, and are equal when they are written alike.</typeparam>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed partial class ManagedDictionary<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>, ICarried<ManagedDictionary<TKey, TValue>>
    where TKey : notnull
{
    private readonly ObjectProxy _proxy;

    internal ManagedDictionary(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>How many keys it has, at some moment during the call, as Python's <c>len()</c>.</summary>
    public int Count => (int)Call(ObjectOperation.DictionaryCount).Number;

    /// <summary>The keys, as they were at one moment, as Python's <c>keys()</c>.</summary>
    public IReadOnlyList<TKey> Keys => [.. ToArray().Select(pair => pair.Key)];

    /// <summary>The values, as they were at one moment, as Python's <c>values()</c>.</summary>
    public IReadOnlyList<TValue> Values => [.. ToArray().Select(pair => pair.Value)];

    /// <summary>The value of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public TValue this[TKey key]
    {
        get => TryGetValue(key, out var value) ? value : throw NotFound(key);
        set => Call(ObjectOperation.DictionarySet, Encode(key), _proxy.Encode(value));
    }

    /// <summary>Reads the value of a key.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => Found(Call(ObjectOperation.DictionaryGet, Encode(key)), out value);

    /// <summary>The value of a key, or what is given where there is none, as Python's <c>get</c>.</summary>
    public TValue? GetValueOrDefault(TKey key, TValue? defaultValue = default) => TryGetValue(key, out var value) ? value : defaultValue;

    /// <summary>Whether there is such a key, as Python's <c>in</c>.</summary>
    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    /// <summary>Sets a key that is not there.</summary>
    /// <exception cref="ArgumentException">The key is there.</exception>
    public void Add(TKey key, TValue value)
    {
        if (!TryAdd(key, value))
            throw new ArgumentException($"The key '{key}' is there already.", nameof(key));
    }

    /// <summary>Sets a key if it is not there.</summary>
    /// <returns>Whether it was set.</returns>
    public bool TryAdd(TKey key, TValue value) => Call(ObjectOperation.DictionaryAdd, Encode(key), _proxy.Encode(value)).Status == ObjectStatus.Ok;

    /// <summary>The value of a key, which is set to what is given if it is not there, as Python's <c>setdefault</c>.</summary>
    public TValue GetOrAdd(TKey key, TValue value)
    {
        var reply = Call(ObjectOperation.DictionaryAdd, Encode(key), _proxy.Encode(value));
        return reply.Status == ObjectStatus.Ok ? value : Decode(reply);
    }

    /// <summary>As <see cref="GetOrAdd(TKey, TValue)"/>; the factory runs only when the key was not there, and somebody else may be faster all the same.</summary>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> factory) => TryGetValue(key, out var value) ? value : GetOrAdd(key, factory(key));

    /// <summary>Sets many keys in one message and together, as Python's <c>update</c>.</summary>
    /// <exception cref="PayloadTooLargeException">The dictionary is on a cluster and the pairs do not fit into a message: set them in parts.</exception>
    public void SetMany(IEnumerable<KeyValuePair<TKey, TValue>> pairs) => Call(ObjectOperation.DictionarySet, EncodeAll(pairs));

    /// <inheritdoc cref="SetMany"/>
    public Task SetManyAsync(IEnumerable<KeyValuePair<TKey, TValue>> pairs, CancellationToken cancellationToken = default) =>
        CallAsync(ObjectOperation.DictionarySet, cancellationToken, EncodeAll(pairs));

    /// <summary>Takes a key out and gives its value, as Python's <c>pop</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public TValue Pop(TKey key) => TryRemove(key, out var value) ? value : throw NotFound(key);

    /// <summary>Takes a key out, as Python's <c>del</c>.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(TKey key) => TryRemove(key, out _);

    /// <summary>Takes a key out and gives its value.</summary>
    /// <returns>Whether it was there.</returns>
    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value) => Found(Call(ObjectOperation.DictionaryRemove, Encode(key)), out value);

    /// <summary>Takes out the key that was set last and gives it with its value, as Python's <c>popitem</c>.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public KeyValuePair<TKey, TValue> PopItem() => Popped(Call(ObjectOperation.DictionaryPopLast));

    /// <summary>Takes everything out, as Python's <c>clear</c>.</summary>
    public void Clear() => Call(ObjectOperation.DictionaryClear);

    /// <summary>A copy of all pairs, as they were at one moment, as Python's <c>items()</c>.</summary>
    public KeyValuePair<TKey, TValue>[] ToArray() => DecodeAll(Pages.Read(_proxy, ObjectOperation.DictionaryPage, 2));

    /// <summary>A copy of it all, as it was at one moment, as Python's <c>copy()</c>.</summary>
    public Dictionary<TKey, TValue> ToDictionary() => new(ToArray());

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => ((IEnumerable<KeyValuePair<TKey, TValue>>)ToArray()).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For people: the first pairs, after a round trip.</summary>
    public override string ToString() => $"{{{string.Join(", ", ToArray().Take(20).Select(pair => $"{pair.Key}: {pair.Value}"))}}}";

    void ICarried<ManagedDictionary<TKey, TValue>>.Write(ref ValueWriter writer) => _proxy.Write(ref writer);

    static ManagedDictionary<TKey, TValue> ICarried<ManagedDictionary<TKey, TValue>>.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));

    private ReadOnlyMemory<byte> Encode(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _proxy.Encode(key);
    }

    private ReadOnlyMemory<byte>[] EncodeAll(IEnumerable<KeyValuePair<TKey, TValue>> pairs) =>
        [.. pairs.SelectMany(pair => new[] { Encode(pair.Key), _proxy.Encode(pair.Value) })];

    private TValue Decode(ObjectReply reply) => _proxy.Decode<TValue>(reply.Payloads[0]);

    private KeyValuePair<TKey, TValue> Popped(ObjectReply reply) => reply.Status == ObjectStatus.Ok
        ? KeyValuePair.Create(_proxy.Decode<TKey>(reply.Payloads[0]), _proxy.Decode<TValue>(reply.Payloads[1]))
        : throw new InvalidOperationException("The dictionary is empty.");

    private bool Found(ObjectReply reply, [MaybeNullWhen(false)] out TValue value)
    {
        value = reply.Status == ObjectStatus.Ok ? Decode(reply) : default;
        return reply.Status == ObjectStatus.Ok;
    }

    private KeyValuePair<TKey, TValue>[] DecodeAll(Pages.Snapshot snapshot) =>
        [.. snapshot.Parts.Chunk(2).Select(pair => KeyValuePair.Create(_proxy.Decode<TKey>(pair[0]), _proxy.Decode<TValue>(pair[1])))];

    private static KeyNotFoundException NotFound(TKey key) => new($"The managed dictionary has no key '{key}'.");

    private ObjectReply Call(ObjectOperation operation, params ReadOnlyMemory<byte>[] payloads) =>
        _proxy.Call(operation, null, 0, [.. payloads], default);

    private async Task<ObjectReply> CallAsync(ObjectOperation operation, CancellationToken cancellationToken, params ReadOnlyMemory<byte>[] payloads) =>
        await _proxy.CallAsync(operation, null, 0, [.. payloads], cancellationToken).ConfigureAwait(false);
}
