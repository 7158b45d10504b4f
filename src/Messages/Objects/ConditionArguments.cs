using System.Buffers.Binary;

namespace Actors.Messages.Objects;

/// <summary>The arguments of a call on a condition, in addition to the token of its lock.</summary>
/// <param name="Condition">The number of the condition within its lock.</param>
/// <param name="Count">The number of waiters to wake.</param>
internal readonly record struct ConditionArguments(long Condition, long Count)
{
    /// <summary>Encodes the arguments as the only payload of a call.</summary>
    public ReadOnlyMemory<byte> ToPayload()
    {
        var payload = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(payload, Condition);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(sizeof(long)), Count);
        return payload;
    }

    /// <returns>The arguments; null for a call without them.</returns>
    public static ConditionArguments? FromCall(ObjectCall call) => call.Payloads is [{ Length: 2 * sizeof(long) } payload]
        ? new(BinaryPrimitives.ReadInt64LittleEndian(payload.Span), BinaryPrimitives.ReadInt64LittleEndian(payload.Span[sizeof(long)..]))
        : null;
}
