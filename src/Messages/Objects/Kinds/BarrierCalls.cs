namespace Actors.Messages.Objects.Kinds;

/// <summary>Waits for the other parties. If the barrier is or gets broken: <see cref="ObjectStatus.Broken"/>.</summary>
/// <param name="HasAction">Whether the caller runs an action if it is the last party.</param>
public readonly record struct BarrierWait(bool HasAction) : IObjectRequest<BarrierWait, BarrierReply>
{
    public static ObjectOperation Operation => ObjectOperation.BarrierWait;

    public static CallContent ToContent(BarrierWait request) => new(request.HasAction ? 1 : 0);

    public static BarrierWait? FromCall(ObjectCall call) => new(call.Number != 0);
}

/// <summary>The round is complete.</summary>
/// <param name="Index">The index of the caller among the parties.</param>
/// <param name="ActingRound">The number of the round if the caller must run its action first, and then release the round.</param>
/// <param name="Status">The status.</param>
public readonly record struct BarrierReply(long Index, long? ActingRound = null, ObjectStatus Status = ObjectStatus.Ok)
    : IObjectReply<BarrierReply>
{
    public ObjectReply ToEnvelope(long call) => ActingRound is { } round
        ? new(call, Status, round, [ReadOnlyMemory<byte>.Empty])
        : new(call, Status, Index, []);

    public static BarrierReply? FromEnvelope(ObjectReply reply) =>
        reply.Payloads.IsEmpty ? new(reply.Number, null, reply.Status) : new(0, reply.Number, reply.Status);
}

/// <summary>
/// Reports that the action of a round has run, which wakes the parties. The reply has the caller's index among them. If the barrier is
/// broken: <see cref="ObjectStatus.Broken"/>.
/// </summary>
public readonly record struct BarrierRelease(long Round) : IObjectRequest<BarrierRelease, IndexReply>
{
    public static ObjectOperation Operation => ObjectOperation.BarrierRelease;

    public static CallContent ToContent(BarrierRelease request) => new(request.Round);

    public static BarrierRelease? FromCall(ObjectCall call) => new(call.Number);
}

/// <summary>Breaks the barrier.</summary>
public readonly record struct BarrierAbort : IObjectRequest<BarrierAbort, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.BarrierAbort;
}

/// <summary>Resets the barrier. Its waiters get <see cref="ObjectStatus.Broken"/>.</summary>
public readonly record struct BarrierReset : IObjectRequest<BarrierReset, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.BarrierReset;
}

/// <summary>Gets the number of waiters; <see cref="ObjectStatus.Broken"/> if the barrier is broken.</summary>
public readonly record struct BarrierWaiting : IObjectRequest<BarrierWaiting, CountReply>
{
    public static ObjectOperation Operation => ObjectOperation.BarrierWaiting;
}
