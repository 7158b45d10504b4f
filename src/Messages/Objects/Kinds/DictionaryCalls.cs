using System.Collections.Immutable;

namespace Actors.Messages.Objects.Kinds;

/// <summary>Gets the number of keys.</summary>
public readonly record struct DictionaryCount : IObjectRequest<DictionaryCount, CountReply>
{
    public static ObjectOperation Operation => ObjectOperation.DictionaryCount;
}

/// <summary>Gets the value of a key. If the key does not exist: <see cref="ObjectStatus.NotFound"/>.</summary>
public readonly record struct DictionaryGet(ReadOnlyMemory<byte> Key) : IObjectRequest<DictionaryGet, ItemReply>
{
    public static ObjectOperation Operation => ObjectOperation.DictionaryGet;

    public static CallContent ToContent(DictionaryGet request) => new([request.Key]);

    public static DictionaryGet? FromCall(ObjectCall call) => call.Payloads is [var key] ? new(key) : null;
}

/// <summary>Sets keys to values.</summary>
/// <param name="Parts">Each key is followed by its value.</param>
public readonly record struct DictionarySet(ImmutableArray<ReadOnlyMemory<byte>> Parts) : IObjectRequest<DictionarySet, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.DictionarySet;

    public static CallContent ToContent(DictionarySet request) => new(request.Parts);

    public static DictionarySet? FromCall(ObjectCall call) => call.Payloads.Length % 2 == 0 ? new(call.Payloads) : null;
}

/// <summary>Adds a key and its value. If the key exists: <see cref="ObjectStatus.Exists"/> with its value.</summary>
public readonly record struct DictionaryAdd(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value)
    : IObjectRequest<DictionaryAdd, ItemReply>
{
    public static ObjectOperation Operation => ObjectOperation.DictionaryAdd;

    public static CallContent ToContent(DictionaryAdd request) => new([request.Key, request.Value]);

    public static DictionaryAdd? FromCall(ObjectCall call) => call.Payloads is [var key, var value] ? new(key, value) : null;
}

/// <summary>Removes a key and returns its value. If the key does not exist: <see cref="ObjectStatus.NotFound"/>.</summary>
public readonly record struct DictionaryRemove(ReadOnlyMemory<byte> Key) : IObjectRequest<DictionaryRemove, ItemReply>
{
    public static ObjectOperation Operation => ObjectOperation.DictionaryRemove;

    public static CallContent ToContent(DictionaryRemove request) => new([request.Key]);

    public static DictionaryRemove? FromCall(ObjectCall call) => call.Payloads is [var key] ? new(key) : null;
}

/// <summary>Removes and returns the key that was added last. If there is none: <see cref="ObjectStatus.NotFound"/>.</summary>
public readonly record struct DictionaryPopLast : IObjectRequest<DictionaryPopLast, PairReply>
{
    public static ObjectOperation Operation => ObjectOperation.DictionaryPopLast;
}

/// <summary>A key and its value.</summary>
public readonly record struct PairReply(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, ObjectStatus Status = ObjectStatus.Ok)
    : IObjectReply<PairReply>
{
    public ObjectReply ToEnvelope(long call) => new(call, Status, 0, Status == ObjectStatus.Ok ? [Key, Value] : []);

    public static PairReply? FromEnvelope(ObjectReply reply) => reply.Payloads switch
    {
        [] when reply.Status != ObjectStatus.Ok => new(default, default, reply.Status),
        [var key, var value] => new(key, value, reply.Status),
        _ => null,
    };
}

/// <inheritdoc cref="IPageRequest{TSelf}"/>
public readonly record struct DictionaryPage(long Start, long? Version) : IPageRequest<DictionaryPage>
{
    public static ObjectOperation Operation => ObjectOperation.DictionaryPage;

    public static int PartsEach => 2;

    public static DictionaryPage FromStart(long start, long? version) => new(start, version);
}

/// <summary>Removes all keys.</summary>
public readonly record struct DictionaryClear : IObjectRequest<DictionaryClear, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.DictionaryClear;
}

/// <summary>
/// Replaces the expected value of a key. If the value is another: <see cref="ObjectStatus.Conflict"/> with that value. If the key does not
/// exist: <see cref="ObjectStatus.NotFound"/>.
/// </summary>
public readonly record struct DictionaryReplace(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Expected, ReadOnlyMemory<byte> Value)
    : IObjectRequest<DictionaryReplace, ItemReply>
{
    public static ObjectOperation Operation => ObjectOperation.DictionaryReplace;

    public static CallContent ToContent(DictionaryReplace request) => new([request.Key, request.Expected, request.Value]);

    public static DictionaryReplace? FromCall(ObjectCall call) =>
        call.Payloads is [var key, var expected, var value] ? new(key, expected, value) : null;
}
