namespace Actors.Messages.Objects;

/// <summary>The reply to a request on a managed object. It is sent as an <see cref="ObjectReply"/>.</summary>
/// <typeparam name="TSelf">The reply itself.</typeparam>
public interface IObjectReply<TSelf>
    where TSelf : struct, IObjectReply<TSelf>
{
    /// <summary>The status. Any operation may be answered by a status without data, such as <see cref="ObjectStatus.TimedOut"/>.</summary>
    ObjectStatus Status { get; }

    /// <summary>Writes the reply to a call.</summary>
    ObjectReply ToEnvelope(long call);

    /// <summary>Reads the reply, also one with a status alone.</summary>
    /// <returns>The reply; null for a malformed one.</returns>
    static abstract TSelf? FromEnvelope(ObjectReply reply);
}

/// <summary>A reply without data.</summary>
public readonly record struct StatusReply(ObjectStatus Status) : IObjectReply<StatusReply>
{
    public ObjectReply ToEnvelope(long call) => new(call, Status, 0, []);

    public static StatusReply? FromEnvelope(ObjectReply reply) => new(reply.Status);
}
