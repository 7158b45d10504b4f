using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>A call whose request was read. It can only be answered by the reply of its operation, or by a status.</summary>
/// <param name="Envelope">The call.</param>
/// <param name="Request">The request.</param>
public readonly record struct TypedCall<TRequest>(ObjectCall Envelope, TRequest Request)
    where TRequest : struct, IObjectRequest<TRequest>;

/// <summary>Reads and answers typed calls.</summary>
public static class TypedCalls
{
    /// <returns>The call with its request; null if it has another operation or is malformed.</returns>
    public static TypedCall<TRequest>? As<TRequest>(this ObjectCall call)
        where TRequest : struct, IObjectRequest<TRequest> =>
        call.ReadRequest<TRequest>() is { } request ? new TypedCall<TRequest>(call, request) : null;

    /// <summary>Creates the answer to a call.</summary>
    public static ObjectReply CreateReply<TRequest, TReply>(this TypedCall<TRequest> call, TReply reply)
        where TRequest : struct, IObjectRequest<TRequest, TReply>
        where TReply : struct, IObjectReply<TReply> =>
        reply.ToEnvelope(call.Envelope.Call);

    /// <summary>Creates an answer without data.</summary>
    public static ObjectReply CreateReply<TRequest>(this TypedCall<TRequest> call, ObjectStatus status)
        where TRequest : struct, IObjectRequest<TRequest> =>
        ObjectReply.WithStatus(call.Envelope.Call, status);
}
