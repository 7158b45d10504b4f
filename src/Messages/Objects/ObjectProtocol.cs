using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Objects;

/// <summary>Caller and managed object. The sender of a call is the actor that stands for the caller's process; when that actor is gone, the caller is.</summary>
public static partial class ObjectProtocol
{
    /// <summary>How many characters a name may have.</summary>
    public const int LongestName = 1024;

    /// <summary>
    /// To the coordinator: make this object. Answered by <see cref="ObjectCreated"/>, again if it is there already. The sender is its maker:
    /// when that actor is gone the object is removed unless it has a name, so that a client that was killed leaves none behind. The actor of
    /// an Ask is not taken for a maker.
    /// </summary>
    /// <param name="Object">Its id, chosen by the maker.</param>
    /// <param name="Kind">What it is.</param>
    /// <param name="Number">The kind's number: a queue's bound (0 is none), a semaphore's start, a barrier's parties, an array's length in bytes.</param>
    /// <param name="Payloads">The values it starts with; one of a semaphore says that its start is its bound.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CreateManagedObject(
        ObjectId Object, ObjectKind Kind, long Number, ImmutableArray<ReadOnlyMemory<byte>> Payloads) : IWireMessage;

    /// <summary>The object exists.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ObjectCreated(ObjectId Object) : IWireMessage;

    /// <summary>What is said to a name; answered by <see cref="NamedObjectReply"/>.</summary>
    public interface INameRequest : IWireMessage
    {
        /// <summary>The name.</summary>
        string Name { get; }
    }

    /// <summary>To the coordinator: keep these objects under a name, whatever becomes of their maker. Answered by <see cref="NamedObjectReply"/>.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Objects">The objects that the proxy stands for.</param>
    /// <param name="Type">The proxy's type, for people and to tell a wrong one.</param>
    /// <param name="Proxy">The encoded proxy; empty gives the name up.</param>
    /// <param name="IsLocalOnly">From another coordinator: it has asked the others.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PublishObject(
        string Name, ImmutableArray<ObjectId> Objects, string Type, ReadOnlyMemory<byte> Proxy, bool IsLocalOnly = false) : INameRequest;

    /// <summary>To the coordinator: what has this name? Answered by <see cref="NamedObjectReply"/>.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="IsLocalOnly">From another coordinator: it asks the others itself.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FindNamedObject(string Name, bool IsLocalOnly = false) : INameRequest;

    /// <summary>What has the name now; an empty proxy when nothing has.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record NamedObjectReply(string Name, string Type, ReadOnlyMemory<byte> Proxy) : IWireMessage;

    /// <summary>To the coordinator: remove this object unless it has a name; calls that wait on it end with <see cref="ObjectStatus.NoSuchObject"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record RemoveManagedObject(ObjectId Object) : IWireMessage;
}

/// <summary>One operation on a managed object. Answered by one <see cref="ObjectReply"/> of the same <paramref name="Call"/>.</summary>
/// <param name="Object">Which object.</param>
/// <param name="Call">The caller's number for it.</param>
/// <param name="Operation">What is asked.</param>
/// <param name="TimeoutMilliseconds">How long to wait; 0 is not at all, -1 is for ever.</param>
/// <param name="Number">The operation's number argument.</param>
/// <param name="Payloads">The operation's encoded values.</param>
[MemoryPackable]
public sealed partial record ObjectCall(
    ObjectId Object, long Call, ObjectOperation Operation, long TimeoutMilliseconds, long Number,
    ImmutableArray<ReadOnlyMemory<byte>> Payloads) : IWireMessage;

/// <summary>The answer to an <see cref="ObjectCall"/>.</summary>
[MemoryPackable]
public sealed partial record ObjectReply(
    long Call, ObjectStatus Status, long Number, ImmutableArray<ReadOnlyMemory<byte>> Payloads) : IWireMessage;

/// <summary>The caller's process has the answer in hand: what it was given will not be given again.</summary>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ObjectReplyReceived(ObjectId Object, long Call) : IWireMessage;

/// <summary>The caller does not wait for this call any more.</summary>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ObjectCallAbandoned(ObjectId Object, long Call) : IWireMessage;
