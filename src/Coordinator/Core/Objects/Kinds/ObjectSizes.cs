using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Measures the memory of managed objects, approximately.</summary>
public static class ObjectSizes
{
    /// <summary>The bytes of the entry of a value, such as a node of a list.</summary>
    private const int Overhead = 64;

    /// <summary>The bytes of a message besides its values.</summary>
    public const int MessageOverhead = 1 << 10;

    /// <summary>The bytes of a reference to a stored value in a reply.</summary>
    private const int ReferenceSize = 16;

    /// <summary>Measures one value.</summary>
    public static long MeasureValue(ReadOnlyMemory<byte> value) => Overhead + value.Length;

    /// <summary>Measures several values.</summary>
    public static long MeasureValues(ImmutableArray<ReadOnlyMemory<byte>> values)
    {
        var size = 0L;
        foreach (var value in values)
            size += MeasureValue(value);
        return size;
    }

    /// <summary>
    /// Measures the values that a call may add to an object, or retain while it waits. Calls that only compare or remove values count as 0:
    /// a client at its limit can still remove values.
    /// </summary>
    public static long MeasureAdded(ObjectCall call) => call.Operation.AddsNoValues() ? 0 : MeasureValues(call.Payloads);

    /// <summary>Measures the memory that was made for a reply. A page refers to the stored values.</summary>
    public static long MeasureMade(ObjectOperation operation, ObjectReply reply) => operation == ObjectOperation.ReadBytes
        ? MeasureValues(reply.Payloads)
        : (long)ReferenceSize * reply.Payloads.Length;

    /// <summary>Measures a message that waits in a mailbox or a stash.</summary>
    /// <param name="call">The call that it contains; null for another message.</param>
    public static long MeasureWaiting(ObjectCall? call) => MessageOverhead + (call is null ? 0 : WireLimits.SizeOf(call.Payloads));

    /// <summary>Measures an object that is to be created.</summary>
    public static long MeasureNew(ObjectProtocol.CreateManagedObject create) =>
        MeasureValues(create.Payloads) + (create.Kind == ObjectKind.Bytes ? Math.Max(create.Number, 0) : 0);
}
