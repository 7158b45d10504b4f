namespace Actors.Messages.Objects.Kinds;

/// <summary>
/// Opens or creates a durable object. The reply has its bound. If an object of another type or bound exists:
/// <see cref="ObjectStatus.Refused"/> with the reason.
/// </summary>
/// <param name="Spec">The identity of the object.</param>
/// <param name="Bound">The bound; <see cref="AnyBound"/> accepts any.</param>
public readonly record struct DurableOpen(DurableObjectSpec Spec, long Bound) : IObjectRequest<DurableOpen, CountReply>
{
    public const long AnyBound = -1;

    public static ObjectOperation Operation => ObjectOperation.Open;

    public static CallContent ToContent(DurableOpen request) => new(request.Bound, [request.Spec.ToPayload()]);

    public static DurableOpen? FromCall(ObjectCall call) =>
        call.Payloads is [var payload] && DurableObjectSpec.FromPayload(payload) is { } spec ? new(spec, call.Number) : null;
}

/// <summary>Removes a durable object and its stored data.</summary>
public readonly record struct DurableDelete : IObjectRequest<DurableDelete, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.Delete;
}
