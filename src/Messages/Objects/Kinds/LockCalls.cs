using System.Buffers.Binary;

namespace Actors.Messages.Objects.Kinds;

/// <summary>Acquires the lock, waiting for it.</summary>
public readonly record struct LockAcquire : IObjectRequest<LockAcquire, LockReply>
{
    public static ObjectOperation Operation => ObjectOperation.Acquire;
}

/// <summary>Releases the lock. If the token is not that of the holder: <see cref="ObjectStatus.NotHeld"/>.</summary>
public readonly record struct LockRelease(long Token) : IObjectRequest<LockRelease, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.Release;

    public static CallContent ToContent(LockRelease request) => new(request.Token);

    public static LockRelease? FromCall(ObjectCall call) => new(call.Number);
}

/// <summary>Gets the token of the holder.</summary>
public readonly record struct LockHolder : IObjectRequest<LockHolder, HolderReply>
{
    public static ObjectOperation Operation => ObjectOperation.Holder;
}

/// <summary>
/// Releases the lock, waits for a notification of a condition, and acquires the lock again. If the caller does not hold the lock:
/// <see cref="ObjectStatus.NotHeld"/>.
/// </summary>
/// <param name="Token">The token of the holder.</param>
/// <param name="Condition">The number of the condition within its lock.</param>
public readonly record struct ConditionWait(long Token, long Condition) : IObjectRequest<ConditionWait, LockReply>
{
    public static ObjectOperation Operation => ObjectOperation.ConditionWait;

    public static CallContent ToContent(ConditionWait request) => ConditionArguments.ToContent(request.Token, request.Condition, 0);

    public static ConditionWait? FromCall(ObjectCall call) =>
        ConditionArguments.FromCall(call) is (var condition, _) ? new(call.Number, condition) : null;
}

/// <summary>Wakes waiters of a condition. If the caller does not hold the lock: <see cref="ObjectStatus.NotHeld"/>.</summary>
/// <param name="Token">The token of the holder.</param>
/// <param name="Condition">The number of the condition within its lock.</param>
/// <param name="Count">The number of waiters to wake.</param>
public readonly record struct ConditionNotify(long Token, long Condition, long Count) : IObjectRequest<ConditionNotify, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.ConditionNotify;

    public static CallContent ToContent(ConditionNotify request) =>
        ConditionArguments.ToContent(request.Token, request.Condition, request.Count);

    public static ConditionNotify? FromCall(ObjectCall call) =>
        ConditionArguments.FromCall(call) is (var condition, var count) ? new(call.Number, condition, count) : null;
}

/// <summary>
/// The lock is acquired: <see cref="ObjectStatus.Ok"/>, or <see cref="ObjectStatus.OkAbandoned"/> after its holder has died.
/// </summary>
/// <param name="Token">The fencing token of the acquisition.</param>
/// <param name="IsUnnotified">Whether the wait for a condition has ended without a notification.</param>
/// <param name="Status">The status.</param>
public readonly record struct LockReply(long Token, bool IsUnnotified = false, ObjectStatus Status = ObjectStatus.Ok)
    : IObjectReply<LockReply>
{
    public bool IsAcquired => Status is ObjectStatus.Ok or ObjectStatus.OkAbandoned;

    public ObjectReply ToEnvelope(long call) => new(call, Status, Token, IsUnnotified ? [ReadOnlyMemory<byte>.Empty] : []);

    public static LockReply? FromEnvelope(ObjectReply reply) => new(reply.Number, !reply.Payloads.IsEmpty, reply.Status);
}

/// <summary>The holder of a lock.</summary>
/// <param name="Token">The token of the holder; 0 if the lock is free.</param>
/// <param name="Status">The status.</param>
public readonly record struct HolderReply(long Token, ObjectStatus Status = ObjectStatus.Ok) : IObjectReply<HolderReply>
{
    public ObjectReply ToEnvelope(long call) => new(call, Status, Token, []);

    public static HolderReply? FromEnvelope(ObjectReply reply) => new(reply.Number, reply.Status);
}

/// <summary>The payload of a call on a condition: the number of the condition and the number of waiters to wake.</summary>
file static class ConditionArguments
{
    public static CallContent ToContent(long token, long condition, long count)
    {
        var payload = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(payload, condition);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(sizeof(long)), count);
        return new CallContent(token, [payload]);
    }

    public static (long Condition, long Count)? FromCall(ObjectCall call) => call.Payloads is [{ Length: 2 * sizeof(long) } payload]
        ? (BinaryPrimitives.ReadInt64LittleEndian(payload.Span), BinaryPrimitives.ReadInt64LittleEndian(payload.Span[sizeof(long)..]))
        : null;
}
