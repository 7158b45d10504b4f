namespace Actors.Messages.Objects.Kinds;

/// <summary>Acquires a permit, waiting for it. The permit returns when it is released or its process dies.</summary>
public readonly record struct SemaphoreAcquire : IObjectRequest<SemaphoreAcquire, PermitReply>
{
    public static ObjectOperation Operation => ObjectOperation.SemaphoreAcquire;
}

/// <summary>Uses a permit up, waiting for it.</summary>
public readonly record struct SemaphoreWait : IObjectRequest<SemaphoreWait, PermitReply>
{
    public static ObjectOperation Operation => ObjectOperation.SemaphoreWait;
}

/// <summary>A permit.</summary>
/// <param name="Permit">The id of the permit.</param>
/// <param name="Status">The status.</param>
public readonly record struct PermitReply(long Permit, ObjectStatus Status = ObjectStatus.Ok) : IObjectReply<PermitReply>
{
    public ObjectReply ToEnvelope(long call) => new(call, Status, Permit, []);

    public static PermitReply? FromEnvelope(ObjectReply reply) => new(reply.Number, reply.Status);
}

/// <summary>Adds permits. Above the bound: <see cref="ObjectStatus.OutOfBounds"/>.</summary>
public readonly record struct SemaphoreRelease(long Count) : IObjectRequest<SemaphoreRelease, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.SemaphoreRelease;

    public static CallContent ToContent(SemaphoreRelease request) => new(request.Count);

    public static SemaphoreRelease? FromCall(ObjectCall call) => new(call.Number);
}

/// <summary>Returns an acquired permit. If the caller does not hold it: <see cref="ObjectStatus.NotHeld"/>.</summary>
public readonly record struct SemaphoreReturn(long Permit) : IObjectRequest<SemaphoreReturn, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.SemaphoreReturn;

    public static CallContent ToContent(SemaphoreReturn request) => new(request.Permit);

    public static SemaphoreReturn? FromCall(ObjectCall call) => new(call.Number);
}

/// <summary>Gets the number of free permits.</summary>
public readonly record struct SemaphoreCount : IObjectRequest<SemaphoreCount, CountReply>
{
    public static ObjectOperation Operation => ObjectOperation.SemaphoreCount;
}
