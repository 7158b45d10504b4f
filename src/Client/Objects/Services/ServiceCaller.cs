using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Objects.Services;

/// <summary>Sends calls to a service and reads their results. Thread-safe.</summary>
internal sealed class ServiceCaller(ObjectProxy proxy)
{
    public ObjectProxy Proxy => proxy;

    public async Task<TResult> CallAsync<TResult>(PreparedCall call, CancellationToken cancellationToken) =>
        proxy.DecodeValue<TResult>(await InvokeFunctionAsync(call, cancellationToken).ConfigureAwait(false));

    public Task CallAsync(PreparedCall call, CancellationToken cancellationToken) => InvokeFunctionAsync(call, cancellationToken);

    public TResult Call<TResult>(PreparedCall call) => proxy.DecodeValue<TResult>(InvokeFunction(call));

    public void Call(PreparedCall call) => InvokeFunction(call);

    public ReadOnlyMemory<byte> InvokeFunction(PreparedCall call) =>
        ReadResult(proxy.Call<ServiceInvoke, ItemReply>(ToRequest(call)), call);

    public async Task<ReadOnlyMemory<byte>> InvokeFunctionAsync(PreparedCall call, CancellationToken cancellationToken) => ReadResult(
        await proxy.CallAsync<ServiceInvoke, ItemReply>(ToRequest(call), null, cancellationToken).ConfigureAwait(false), call);

    /// <summary>Prepares the request, limited by the socket of the service process.</summary>
    private static ServiceInvoke ToRequest(PreparedCall call) =>
        call.Arguments.Length <= ExecutorProtocol.LargestPayload
        ? new(call.Function.Definition, call.Arguments)
        : throw new PayloadTooLargeException(
            WireLimits.DescribeTooLargeForWorker($"The arguments of {call.Function.Name}", call.Arguments.Length));

    private static ReadOnlyMemory<byte> ReadResult(ItemReply reply, PreparedCall call) => reply.Status switch
    {
        ObjectStatus.Ok => reply.RequiredItem,
        ObjectStatus.Threw when new FrameReader(reply.RequiredItem).ReadFailure() is { } failure =>
            throw FailureConverter.ToException(failure, $"the service, in {call.Function.Name}"),
        _ => throw new ServiceLostException(
            $"The process of the managed instance has ended during {call.Function.Name}; its state is lost. Create a new instance."),
    };
}
