namespace Actors.Messages.Objects.Kinds;

/// <summary>Sets the event, which wakes its waiters.</summary>
public readonly record struct EventSet : IObjectRequest<EventSet, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.EventSet;
}

/// <summary>Clears the event.</summary>
public readonly record struct EventClear : IObjectRequest<EventClear, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.EventClear;
}

/// <summary>Gets whether the event is set.</summary>
public readonly record struct EventIsSet : IObjectRequest<EventIsSet, EventReply>
{
    public static ObjectOperation Operation => ObjectOperation.EventIsSet;
}

/// <summary>Waits until the event is set.</summary>
public readonly record struct EventWait : IObjectRequest<EventWait, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.EventWait;
}

/// <summary>Whether the event is set.</summary>
public readonly record struct EventReply(bool IsSet, ObjectStatus Status = ObjectStatus.Ok) : IObjectReply<EventReply>
{
    public ObjectReply ToEnvelope(long call) => new(call, Status, IsSet ? 1 : 0, []);

    public static EventReply? FromEnvelope(ObjectReply reply) => new(reply.Number != 0, reply.Status);
}
