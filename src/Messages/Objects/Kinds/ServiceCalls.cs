namespace Actors.Messages.Objects.Kinds;

/// <summary>
/// Calls a function of a service. If the function throws: <see cref="ObjectStatus.Threw"/> with the failure. If the process of the service
/// has ended: <see cref="ObjectStatus.Broken"/>.
/// </summary>
/// <param name="Function">The definition of the function.</param>
/// <param name="Arguments">The encoded arguments.</param>
public readonly record struct ServiceInvoke(ReadOnlyMemory<byte> Function, ReadOnlyMemory<byte> Arguments)
    : IObjectRequest<ServiceInvoke, ItemReply>
{
    public static ObjectOperation Operation => ObjectOperation.Invoke;

    public static CallContent ToContent(ServiceInvoke request) => new([request.Function, request.Arguments]);

    public static ServiceInvoke? FromCall(ObjectCall call) =>
        call.Payloads is [var function, var arguments] ? new(function, arguments) : null;
}

/// <summary>
/// Sent by the serving process: the answer to a call, and a wait for the next one. If another process serves:
/// <see cref="ObjectStatus.Exists"/>.
/// </summary>
/// <param name="Call">The number of the answered call; 0 for none.</param>
/// <param name="HasThrown">Whether the answer is a failure.</param>
/// <param name="Answer">The result or the failure; null for none.</param>
public readonly record struct ServiceServe(long Call, bool HasThrown, ReadOnlyMemory<byte>? Answer)
    : IObjectRequest<ServiceServe, ServedCallReply>
{
    public static ObjectOperation Operation => ObjectOperation.Serve;

    public static CallContent ToContent(ServiceServe request) =>
        new(request.HasThrown ? -request.Call : request.Call, request.Answer is { } answer ? [answer] : []);

    public static ServiceServe? FromCall(ObjectCall call)
    {
        // The least number has no positive counterpart, and answers no call.
        var (answered, hasThrown) = call.Number < 0 ? (-call.Number, true) : (call.Number, false);
        return call.Payloads switch
        {
            [] => new(answered, hasThrown, null),
            [var answer] => new(answered, hasThrown, answer),
            _ => null,
        };
    }
}

/// <summary>The next call of a service.</summary>
/// <param name="Call">The number of the call.</param>
/// <param name="Function">The definition of the function.</param>
/// <param name="Arguments">The encoded arguments.</param>
/// <param name="Status">The status.</param>
public readonly record struct ServedCallReply(
    long Call, ReadOnlyMemory<byte> Function, ReadOnlyMemory<byte> Arguments, ObjectStatus Status = ObjectStatus.Ok)
    : IObjectReply<ServedCallReply>
{
    public ObjectReply ToEnvelope(long call) => new(call, Status, Call, Status == ObjectStatus.Ok ? [Function, Arguments] : []);

    public static ServedCallReply? FromEnvelope(ObjectReply reply) => reply.Payloads switch
    {
        [] when reply.Status != ObjectStatus.Ok => new(reply.Number, default, default, reply.Status),
        [var function, var arguments] => new(reply.Number, function, arguments, reply.Status),
        _ => null,
    };
}

/// <summary>Waits until a process serves. If that process has ended: <see cref="ObjectStatus.Broken"/>.</summary>
public readonly record struct ServiceAwait : IObjectRequest<ServiceAwait, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.AwaitService;
}
