using System.Collections.Immutable;
using System.Text;
using MemoryPack;

namespace Actors.Messages.Objects;

/// <summary>
/// The protocol of caller and managed object. The sender of a call is the actor that represents the process of the caller. When this actor
/// ends, the caller is considered dead.
/// </summary>
public static partial class ObjectProtocol
{
    /// <summary>The longest name in characters.</summary>
    public const int LongestName = 1024;

    /// <summary>The largest publication of a name in bytes.</summary>
    public const int LargestPublication = 64 << 10;

    /// <summary>Measures a publication in bytes, for <see cref="LargestPublication"/>.</summary>
    public static long MeasurePublication(PublishObject publication) =>
        (2L * (publication.Name.Length + publication.Type.Length)) + publication.Proxy.Length;

    /// <summary>
    /// To the coordinator: creates an object. Answered by <see cref="ObjectCreated"/>, also if the object exists, or by
    /// <see cref="ObjectRefused"/>. The sender becomes the maker: when its actor ends, the object is removed unless it has a name, so that
    /// a killed client leaves no objects. The temporary actor of an Ask is not a maker.
    /// </summary>
    /// <param name="Object">The id, chosen by the maker.</param>
    /// <param name="Kind">The kind of the object.</param>
    /// <param name="Number">
    /// The parameter of the kind: the bound of a queue (0 for none), the initial count of a semaphore, the parties of a barrier, the length
    /// of an array in bytes.
    /// </param>
    /// <param name="Payloads">The initial values. One value for a semaphore makes the initial count its bound.</param>
    [WireContract("o.create", PermittedSenders.Both)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CreateManagedObject(
        ObjectId Object, ObjectKind Kind, long Number, ImmutableArray<ReadOnlyMemory<byte>> Payloads) : IWireMessage;

    /// <summary>The object exists.</summary>
    [WireContract("o.created", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ObjectCreated(ObjectId Object) : IWireMessage;

    /// <summary>The object was not created, because the client uses as much of the coordinator as one client may.</summary>
    /// <param name="Object">The id.</param>
    /// <param name="Reason">The reason, as a message for users.</param>
    [WireContract("o.create-refused", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ObjectRefused(ObjectId Object, string Reason) : IWireMessage;

    /// <summary>A message about a name. Answered by <see cref="NamedObjectReply"/>.</summary>
    public interface INameRequest : IWireMessage
    {
        /// <summary>The name.</summary>
        string Name { get; }

        /// <summary>Whether another coordinator forwards this message, so that only this coordinator answers.</summary>
        bool IsLocalOnly { get; }
    }

    /// <summary>
    /// To the coordinator: gives objects a name, after which they outlive their maker. Answered by <see cref="NamedObjectReply"/>.
    /// </summary>
    /// <param name="Name">The name.</param>
    /// <param name="Objects">The objects of the proxy.</param>
    /// <param name="Type">The type of the proxy, for messages and to detect another type.</param>
    /// <param name="Proxy">The encoded proxy; empty to remove the name.</param>
    /// <param name="IsLocalOnly">Whether another coordinator forwards this message after it has asked the other ones.</param>
    [WireContract("o.publish", PermittedSenders.Both)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PublishObject(
        string Name, ImmutableArray<ObjectId> Objects, string Type, ReadOnlyMemory<byte> Proxy, bool IsLocalOnly = false) : INameRequest;

    /// <summary>To the coordinator: requests the object of a name. Answered by <see cref="NamedObjectReply"/>.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="IsLocalOnly">Whether another coordinator forwards this message and asks the other ones itself.</param>
    [WireContract("o.find", PermittedSenders.Both)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FindNamedObject(string Name, bool IsLocalOnly = false) : INameRequest;

    /// <summary>The object of a name. The proxy is empty if there is none.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Type">The type of the proxy.</param>
    /// <param name="Proxy">The encoded proxy.</param>
    /// <param name="Refusal">The reason why the name was not published, as a message for users; null for none.</param>
    [WireContract("o.named", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record NamedObjectReply(
        string Name, string Type, ReadOnlyMemory<byte> Proxy, string? Refusal = null) : IWireMessage;

    /// <summary>
    /// To the coordinator: removes an object unless it has a name. Calls that wait at it end with <see cref="ObjectStatus.NoSuchObject"/>.
    /// </summary>
    [WireContract("o.remove", PermittedSenders.Both)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record RemoveManagedObject(ObjectId Object) : IWireMessage;
}

/// <summary>
/// A call of an operation of a managed object. Answered by one <see cref="ObjectReply"/> with the same <paramref name="Call"/>.
/// </summary>
/// <param name="Object">The object.</param>
/// <param name="Call">The number of the call, chosen by the caller.</param>
/// <param name="Operation">The operation.</param>
/// <param name="TimeoutMilliseconds">The timeout in milliseconds; 0 for no waiting, -1 for no limit.</param>
/// <param name="Number">The numeric argument of the operation.</param>
/// <param name="Payloads">The encoded values of the operation.</param>
[WireContract("o.call", PermittedSenders.Both)]
[MemoryPackable]
public sealed partial record ObjectCall(
    ObjectId Object, long Call, ObjectOperation Operation, long TimeoutMilliseconds, long Number,
    ImmutableArray<ReadOnlyMemory<byte>> Payloads) : IWireMessage;

/// <summary>The reply to an <see cref="ObjectCall"/>.</summary>
[WireContract("o.reply", PermittedSenders.Coordinator)]
[MemoryPackable]
public sealed partial record ObjectReply(
    long Call, ObjectStatus Status, long Number, ImmutableArray<ReadOnlyMemory<byte>> Payloads) : IWireMessage
{
    /// <summary>Creates a reply without data.</summary>
    public static ObjectReply WithStatus(long call, ObjectStatus status) => new(call, status, 0, []);

    /// <summary>Creates the refusal of a call.</summary>
    /// <param name="call">The number of the call.</param>
    /// <param name="status">The status.</param>
    /// <param name="reason">The reason, as a message for users.</param>
    public static ObjectReply WithReason(long call, ObjectStatus status, string reason) =>
        new(call, status, 0, [Encoding.UTF8.GetBytes(reason)]);

    /// <summary>Gets the reason of a refusal.</summary>
    public string GetReason() => Payloads is [var reason, ..] ? Encoding.UTF8.GetString(reason.Span) : Status.ToString();
}

/// <summary>The process of the caller has received the reply. Items in it are not delivered again.</summary>
[WireContract("o.received", PermittedSenders.Both)]
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ObjectReplyReceived(ObjectId Object, long Call) : IWireMessage;

/// <summary>The caller no longer waits for a call.</summary>
[WireContract("o.abandoned", PermittedSenders.Both)]
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ObjectCallAbandoned(ObjectId Object, long Call) : IWireMessage;
