using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Objects.Containers;

namespace Actors;

/// <summary>
/// Named values of individual types, shared by any number of processes, as Python's <c>Manager().Namespace()</c>. Names can have any form,
/// also with a leading <c>_</c>. A reader must use the type that was written. Members without <c>Async</c> block the thread for a round
/// trip. Thread-safe.
/// </summary>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
/// </remarks>
public sealed partial class ManagedNamespace : ICarried<ManagedNamespace>
{
    private readonly ObjectProxy _proxy;

    internal ManagedNamespace(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>Gets a snapshot of the names with a value, in the order of their first assignment.</summary>
    public IReadOnlyList<string> Names => NamesOf(ContainerPages.ReadAll<DictionaryPage>(_proxy));

    /// <summary>Sets the value of a name, as Python's <c>namespace.name = value</c>.</summary>
    /// <exception cref="NotCarriedException">The value cannot be serialized.</exception>
    public void Set<T>(string name, T value) => _proxy.Call(EncodePair(name, value));

    /// <summary>Returns the value of a name, as Python's <c>namespace.name</c>.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <exception cref="KeyNotFoundException">The name has no value; Python's <c>AttributeError</c>.</exception>
    /// <exception cref="InvalidCastException">
    /// The value was set with another type, or with a type of the same name and other fields.
    /// </exception>
    public T Get<T>(string name) => TryGet<T>(name, out var value) ? value : throw NotFound(name);

    /// <summary>Reads the value of a name.</summary>
    /// <returns>True when the name has a value.</returns>
    /// <exception cref="InvalidCastException">The value was set with another type.</exception>
    public bool TryGet<T>(string name, [MaybeNullWhen(false)] out T value)
    {
        var reply = _proxy.Call<DictionaryGet, ItemReply>(new(EncodeName(name)));
        value = reply.Status == ObjectStatus.Ok ? DecodeTyped<T>(name, reply.RequiredItem) : default;
        return reply.Status == ObjectStatus.Ok;
    }

    /// <summary>Removes a name, as Python's <c>del namespace.name</c>.</summary>
    /// <returns>True when the name had a value.</returns>
    public bool Remove(string name) =>
        _proxy.Call<DictionaryRemove, ItemReply>(new(EncodeName(name))).Status == ObjectStatus.Ok;

    /// <summary>Returns the names as text. Blocks for a round trip.</summary>
    public override string ToString() => $"ManagedNamespace({string.Join(", ", Names)})";

    void ICarried<ManagedNamespace>.WriteTo(ref ValueWriter writer) => _proxy.WriteTo(ref writer);

    static ManagedNamespace ICarried<ManagedNamespace>.ReadFrom(ref ValueReader reader) => new(ObjectProxy.ReadFrom(ref reader));

    private ReadOnlyMemory<byte> EncodeName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _proxy.EncodeValue(name);
    }

    private DictionarySet EncodePair<T>(string name, T value) => new([EncodeName(name), EncodeTyped(value)]);

    private ReadOnlyMemory<byte> EncodeTyped<T>(T value) => _proxy.EncodeValue(new Typed<T>(TypeOf<T>(), value));

    private static string TypeOf<T>()
    {
        ValueSerializer.RequireCarried<T>();
        return PublishedType.ToPublishedName(typeof(T));
    }

    private string[] NamesOf(ContainerPages.ContainerSnapshot snapshot) =>
        [.. snapshot.Parts.Where((_, i) => i % 2 == 0).Select(_proxy.DecodeValue<string>)];

    private static KeyNotFoundException NotFound(string name) =>
        new($"The managed namespace has no value '{name}'. Set it first, or use TryGet.");

    private T DecodeTyped<T>(string name, ReadOnlyMemory<byte> payload)
    {
        var written = new ValueReader(payload.Span).ReadValue<string>();
        return PublishedType.FindMismatch(written, TypeOf<T>()) is { } mismatch
            ? throw new InvalidCastException($"In the managed namespace '{name}' was set as {mismatch}")
            : _proxy.DecodeValue<Typed<T>>(payload).Value;
    }

    /// <summary>A value with its type name, so that reading it as another type is an error.</summary>
    private readonly record struct Typed<T>(string Type, T Value);
}
