using System.Diagnostics.CodeAnalysis;
using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Objects.Containers;

namespace Actors;

/// <summary>
/// Named values, each of a type of its own, that any number of processes share, as Python's <c>Manager().Namespace()</c>. Any name is allowed, one that
/// begins with <c>_</c> too. Who reads must know the type that was written. Members without <c>Async</c> block the thread for a round trip. Thread-safe.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed partial class ManagedNamespace : ICarried<ManagedNamespace>
{
    private readonly ObjectProxy _proxy;

    internal ManagedNamespace(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>The names that have a value, as they were at one moment, in the order in which they were first set.</summary>
    public IReadOnlyList<string> Names => NamesOf(Pages.Read(_proxy, ObjectOperation.DictionaryPage, 2));

    /// <summary>Gives a name a value, as Python's <c>namespace.name = value</c>.</summary>
    /// <exception cref="NotCarriedException">The value cannot travel.</exception>
    public void Set<T>(string name, T value) => Call(ObjectOperation.DictionarySet, Encode(name), EncodeTyped(value));

    /// <summary>The value of a name, as Python's <c>namespace.name</c>.</summary>
    /// <typeparam name="T">The type with which it was set.</typeparam>
    /// <exception cref="KeyNotFoundException">The name has no value; Python's <c>AttributeError</c>.</exception>
    /// <exception cref="InvalidCastException">It was set with another type, or one of the same name with other fields.</exception>
    public T Get<T>(string name) => TryGet<T>(name, out var value) ? value : throw NotFound(name);

    /// <summary>The value of a name that may have none.</summary>
    /// <returns>Whether it has one.</returns>
    /// <exception cref="InvalidCastException">It was set with another type.</exception>
    public bool TryGet<T>(string name, [MaybeNullWhen(false)] out T value)
    {
        var reply = Call(ObjectOperation.DictionaryGet, Encode(name));
        value = reply.Status == ObjectStatus.Ok ? Decode<T>(name, reply.Payloads[0]) : default;
        return reply.Status == ObjectStatus.Ok;
    }

    /// <summary>Takes a name out, as Python's <c>del namespace.name</c>.</summary>
    /// <returns>Whether it had a value.</returns>
    public bool Remove(string name) => Call(ObjectOperation.DictionaryRemove, Encode(name)).Status == ObjectStatus.Ok;

    /// <summary>For people: the names, after a round trip.</summary>
    public override string ToString() => $"ManagedNamespace({string.Join(", ", Names)})";

    void ICarried<ManagedNamespace>.Write(ref ValueWriter writer) => _proxy.Write(ref writer);

    static ManagedNamespace ICarried<ManagedNamespace>.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));

    private ReadOnlyMemory<byte> Encode(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _proxy.Encode(name);
    }

    private ReadOnlyMemory<byte> EncodeTyped<T>(T value) => _proxy.Encode(new Typed<T>(TypeOf<T>(), value));

    private static string TypeOf<T>()
    {
        ValueSerializer.Require<T>();
        return PublishedType.Of(typeof(T));
    }

    private string[] NamesOf(Pages.Snapshot snapshot) => [.. snapshot.Parts.Where((_, i) => i % 2 == 0).Select(_proxy.Decode<string>)];

    private static KeyNotFoundException NotFound(string name) => new($"The namespace has no '{name}'.");

    private T Decode<T>(string name, ReadOnlyMemory<byte> payload)
    {
        var written = new ValueReader(payload.Span).Read<string>();
        return PublishedType.Mismatch(written, TypeOf<T>()) is { } mismatch
            ? throw new InvalidCastException($"'{name}' was set as {mismatch}")
            : _proxy.Decode<Typed<T>>(payload).Value;
    }

    private ObjectReply Call(ObjectOperation operation, params ReadOnlyMemory<byte>[] payloads) =>
        _proxy.Call(operation, null, 0, [.. payloads], default);

    /// <summary>A value that tells its type, so that reading it as another is an error and not nonsense.</summary>
    private readonly record struct Typed<T>(string Type, T Value);
}
