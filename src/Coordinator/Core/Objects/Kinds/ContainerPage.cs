using System.Buffers.Binary;
using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Creates replies with some items of a container that may be larger than one message.</summary>
internal static class ContainerPage
{
    /// <summary>
    /// Creates a reply with the items from the call's number on, as many as fit into one message. The version must be the requested one.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="version">The version of the container.</param>
    /// <param name="count">The number of items in the container.</param>
    /// <param name="items">The items, each of one or more payloads.</param>
    public static ObjectReply CreateReply(ObjectCall call, long version, int count, IEnumerable<ReadOnlyMemory<byte>[]> items)
    {
        if (call.Payloads is [var expected] && !IsVersion(expected, version))
            return new ObjectReply(call.Call, ObjectStatus.Conflict, version, []);
        var page = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        page.Add(BitConverter.GetBytes(count));
        var size = 0L;
        foreach (var item in items.Skip((int)Math.Clamp(call.Number, 0, int.MaxValue)))
        {
            size += item.Sum(part => (long)part.Length + sizeof(int));
            // A single item always fits, because it arrived in one message.
            if (size > WireLimits.LargestBatch && page.Count > 1)
                break;
            page.AddRange(item);
        }

        return new ObjectReply(call.Call, ObjectStatus.Ok, version, page.ToImmutable());
    }

    private static bool IsVersion(ReadOnlyMemory<byte> expected, long version) =>
        expected.Length == sizeof(long) && BinaryPrimitives.ReadInt64LittleEndian(expected.Span) == version;
}
