using System.Buffers.Binary;
using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Some of the items of a container that may be larger than a message.</summary>
internal static class ContainerPage
{
    /// <summary>The items from the call's number on, as many as a message holds, of the version that the call asks for.</summary>
    /// <param name="call">The call.</param>
    /// <param name="version">The container's version.</param>
    /// <param name="count">How many items it has.</param>
    /// <param name="items">They; each of as many payloads as it takes.</param>
    public static ObjectReply CreateReply(ObjectCall call, long version, int count, IEnumerable<ReadOnlyMemory<byte>[]> items)
    {
        if (call.Payloads is [var wanted] && (wanted.Length != sizeof(long) || BinaryPrimitives.ReadInt64LittleEndian(wanted.Span) != version))
            return new ObjectReply(call.Call, ObjectStatus.Conflict, version, []);
        var page = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        page.Add(BitConverter.GetBytes(count));
        var size = 0L;
        foreach (var item in items.Skip((int)Math.Clamp(call.Number, 0, int.MaxValue)))
        {
            size += item.Sum(part => (long)part.Length + sizeof(int));
            // One item alone always fits: it came in one message.
            if (size > WireLimits.LargestBatch && page.Count > 1)
                break;
            page.AddRange(item);
        }

        return new ObjectReply(call.Call, ObjectStatus.Ok, version, page.ToImmutable());
    }
}
