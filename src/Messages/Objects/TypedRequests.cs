namespace Actors.Messages.Objects;

/// <summary>Sends requests in their envelopes, and reads them.</summary>
public static class TypedRequests
{
    /// <summary>Creates the call of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="target">The object.</param>
    /// <param name="call">The number of the call; 0 for one without a reply.</param>
    /// <param name="timeoutMilliseconds">The timeout in milliseconds; 0 for no waiting, -1 for no limit.</param>
    public static ObjectCall ToCall<TRequest>(this TRequest request, ObjectId target, long call = 0, long timeoutMilliseconds = 0)
        where TRequest : struct, IObjectRequest<TRequest>
    {
        var content = TRequest.ToContent(request);
        return new ObjectCall(target, call, TRequest.Operation, timeoutMilliseconds, content.Number, content.Payloads);
    }

    /// <returns>The request of a call; null if the call has another operation or is malformed.</returns>
    public static TRequest? ReadRequest<TRequest>(this ObjectCall call)
        where TRequest : struct, IObjectRequest<TRequest> =>
        call.Operation == TRequest.Operation ? TRequest.FromCall(call) : null;

    /// <inheritdoc cref="IObjectChannel.Call"/>
    public static ObjectReply SendRequest<TRequest>(
        this IObjectChannel channel, ObjectId target, TRequest request, long timeoutMilliseconds, CancellationToken cancellationToken)
        where TRequest : struct, IObjectRequest<TRequest>
    {
        var content = TRequest.ToContent(request);
        return channel.Call(target, TRequest.Operation, timeoutMilliseconds, content.Number, content.Payloads, cancellationToken);
    }

    /// <inheritdoc cref="IObjectChannel.CallAsync"/>
    public static ValueTask<ObjectReply> SendRequestAsync<TRequest>(
        this IObjectChannel channel, ObjectId target, TRequest request, long timeoutMilliseconds, CancellationToken cancellationToken)
        where TRequest : struct, IObjectRequest<TRequest>
    {
        var content = TRequest.ToContent(request);
        return channel.CallAsync(target, TRequest.Operation, timeoutMilliseconds, content.Number, content.Payloads, cancellationToken);
    }

    /// <inheritdoc cref="IObjectChannel.SendOneWay"/>
    public static void SendOneWay<TRequest>(this IObjectChannel channel, ObjectId target, TRequest request)
        where TRequest : struct, IObjectRequest<TRequest>
    {
        var content = TRequest.ToContent(request);
        channel.SendOneWay(target, TRequest.Operation, content.Number, content.Payloads);
    }
}
