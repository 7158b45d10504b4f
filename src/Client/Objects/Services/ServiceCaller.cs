using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;

namespace Actors.Objects.Services;

/// <summary>Sends calls to a service and reads their results. Thread-safe.</summary>
internal sealed class ServiceCaller(ObjectProxy proxy)
{
    public ObjectProxy Proxy => proxy;

    public async Task<TResult> CallAsync<TResult>(PreparedCall call, CancellationToken cancellationToken) =>
        proxy.Decode<TResult>(await InvokeAsync(call, cancellationToken).ConfigureAwait(false));

    public Task CallAsync(PreparedCall call, CancellationToken cancellationToken) => InvokeAsync(call, cancellationToken);

    public TResult Call<TResult>(PreparedCall call) => proxy.Decode<TResult>(Invoke(call));

    public void Call(PreparedCall call) => Invoke(call);

    public ReadOnlyMemory<byte> Invoke(PreparedCall call) =>
        Result(proxy.Call(ObjectOperation.Invoke, null, 0, Payloads(call), default), call);

    public async Task<ReadOnlyMemory<byte>> InvokeAsync(PreparedCall call, CancellationToken cancellationToken) => Result(
        await proxy.CallAsync(ObjectOperation.Invoke, null, 0, Payloads(call), cancellationToken).ConfigureAwait(false), call);

    /// <summary>A service takes its calls over the socket of its process.</summary>
    private static ImmutableArray<ReadOnlyMemory<byte>> Payloads(PreparedCall call) => call.Arguments.Length <= ExecutorProtocol.LargestPayload
        ? [call.Function.Definition, call.Arguments]
        : throw new PayloadTooLargeException(WireLimits.TooLargeForWorker($"The arguments of {call.Function.Name}", call.Arguments.Length));

    private static ReadOnlyMemory<byte> Result(ObjectReply reply, PreparedCall call) => reply.Status switch
    {
        ObjectStatus.Ok => reply.Payloads[0],
        ObjectStatus.Threw when new FrameReader(reply.Payloads[0]).ReadFailure() is { } failure =>
            throw FailureConverter.ToException(failure, $"the service, in {call.Function.Name}"),
        _ => throw new ServiceLostException($"The process that served {call.Function.Name} has ended, and the object's state with it."),
    };
}
