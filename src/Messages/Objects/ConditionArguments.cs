using System.Buffers.Binary;

namespace Actors.Messages.Objects;

/// <summary>What a call on a condition says besides the token of its lock.</summary>
/// <param name="Condition">Which of the conditions of the lock.</param>
/// <param name="Count">How many are to be woken.</param>
internal readonly record struct ConditionArguments(long Condition, long Count)
{
    /// <summary>As the one payload of a call.</summary>
    public ReadOnlyMemory<byte> ToPayload()
    {
        var payload = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(payload, Condition);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(sizeof(long)), Count);
        return payload;
    }

    /// <returns>What the call says; null when it says nothing of a condition.</returns>
    public static ConditionArguments? FromCall(ObjectCall call) => call.Payloads is [{ Length: 2 * sizeof(long) } payload]
        ? new(BinaryPrimitives.ReadInt64LittleEndian(payload.Span), BinaryPrimitives.ReadInt64LittleEndian(payload.Span[sizeof(long)..]))
        : null;
}
