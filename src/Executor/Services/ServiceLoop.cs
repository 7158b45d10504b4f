using System.Collections.Immutable;
using Actors.Executor.Functions;
using Actors.Executor.Jobs;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Storage;

namespace Actors.Executor.Services;

/// <summary>
/// Receives the calls of a service from its managed object, one at a time. Each answer is sent with the request for the next call.
/// </summary>
internal sealed class ServiceLoop(object instance, ObjectId service, IObjectChannel channel, CancellationToken cancellationToken)
{
    private readonly Dictionary<FunctionRef, FunctionInvoker> _invokers = [];
    private readonly FrameWriter _result = new();

    /// <summary>Serves calls until the object is removed.</summary>
    public void ServeUntilRemoved()
    {
        var (number, answer) = (0L, ImmutableArray<ReadOnlyMemory<byte>>.Empty);
        while (true)
        {
            var next = ReceiveNext(number, answer);
            if (next.Status != ObjectStatus.Ok)
                return;
            (number, answer) = ServeCall(next);
        }
    }

    private ObjectReply ReceiveNext(long number, ImmutableArray<ReadOnlyMemory<byte>> answer)
    {
        try
        {
            return channel.Call(service, ObjectOperation.Serve, -1, number, answer, cancellationToken);
        }
        catch (PayloadTooLargeException tooLarge)
        {
            return channel.Call(service, ObjectOperation.Serve, -1, -Math.Abs(number), FailureOf(tooLarge), cancellationToken);
        }
    }

    private (long Number, ImmutableArray<ReadOnlyMemory<byte>> Answer) ServeCall(ObjectReply call)
    {
        try
        {
            return (call.Number, InvokeMethod(new FunctionRef("", call.Payloads[0]), call.Payloads[1]));
        }
        catch (Exception exception) when (!MemoryLimit.IsExceededBy(exception))
        {
            // The caller gets any exception of user code, and the service continues.
            return (-call.Number, FailureOf(exception));
        }
        finally
        {
            AttachedMemory.EndJob();
        }
    }

    private ImmutableArray<ReadOnlyMemory<byte>> InvokeMethod(FunctionRef function, ReadOnlyMemory<byte> arguments)
    {
        if (!_invokers.TryGetValue(function, out var invoker))
            _invokers[function] = invoker = FunctionInvoker.CreateInvoker(function);
        if (invoker is not IServed served)
            throw new InvalidDataException("A service received a call that is not on its instance.");
        served.Instance = instance;
        _result.ClearFrames();
        // Shared memory treats each call as a job.
        AttachedMemory.BeginJob();
        invoker.Invoke(arguments, cancellationToken, _result, AttachedMemory.BeginFunction);
        return [_result.Written.ToArray()];
    }

    private static ImmutableArray<ReadOnlyMemory<byte>> FailureOf(Exception exception)
    {
        var writer = new FrameWriter();
        writer.WriteFailure(FailureConverter.ToFailure(exception));
        return [writer.Written];
    }
}
