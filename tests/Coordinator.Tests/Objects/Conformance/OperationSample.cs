using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects.Conformance;

/// <summary>A request of one operation, and the number and payloads that programs of all versions send for it.</summary>
internal abstract record OperationSample(long Number, ImmutableArray<byte[]> Payloads)
{
    public abstract ObjectOperation Operation { get; }

    /// <summary>The type of the request.</summary>
    public abstract Type RequestType { get; }

    /// <summary>Creates the call as programs of all versions send it.</summary>
    public ObjectCall ToCall(long call, long timeout = -1) =>
        new(default, call, Operation, timeout, Number, [.. Payloads.Select(payload => new ReadOnlyMemory<byte>(payload))]);

    /// <summary>Creates the call of the request.</summary>
    public abstract ObjectCall WriteCall();

    /// <returns>The call of the request that was read from a call; null if the call is malformed.</returns>
    public abstract ObjectCall? Rewrite(ObjectCall call);

    /// <returns>The reply that was read as that of the operation, and written again; null for another one.</returns>
    public abstract ObjectReply? Rewrite(ObjectReply reply);

    public sealed override string ToString() => Operation.ToString();

    public static OperationSample Of<TRequest, TReply>(TRequest request, long number = 0, params byte[][] payloads)
        where TRequest : struct, IObjectRequest<TRequest, TReply>
        where TReply : struct, IObjectReply<TReply> => new Typed<TRequest, TReply>(request, number, [.. payloads]);

    public static OperationSample Of<TRequest>(TRequest request, long number = 0, params byte[][] payloads)
        where TRequest : struct, IObjectRequest<TRequest, StatusReply> => new Typed<TRequest, StatusReply>(request, number, [.. payloads]);

    /// <summary>A call without a reply.</summary>
    public static OperationSample OneWay<TRequest>(TRequest request, params byte[][] payloads)
        where TRequest : struct, IObjectRequest<TRequest> => new Untyped<TRequest>(request, 0, [.. payloads]);

    private record Untyped<TRequest>(TRequest Request, long Number, ImmutableArray<byte[]> Payloads) : OperationSample(Number, Payloads)
        where TRequest : struct, IObjectRequest<TRequest>
    {
        public override ObjectOperation Operation => TRequest.Operation;

        public override Type RequestType => typeof(TRequest);

        public override ObjectCall WriteCall() => Request.ToCall(default);

        public override ObjectCall? Rewrite(ObjectCall call) =>
            call.ReadRequest<TRequest>()?.ToCall(call.Object, call.Call, call.TimeoutMilliseconds);

        public override ObjectReply? Rewrite(ObjectReply reply) => null;
    }

    private sealed record Typed<TRequest, TReply>(TRequest Request, long Number, ImmutableArray<byte[]> Payloads)
        : Untyped<TRequest>(Request, Number, Payloads)
        where TRequest : struct, IObjectRequest<TRequest, TReply>
        where TReply : struct, IObjectReply<TReply>
    {
        public override ObjectReply? Rewrite(ObjectReply reply) => TReply.FromEnvelope(reply)?.ToEnvelope(reply.Call);
    }
}
