using Actors.Executor.Functions;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
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
        var serve = new ServiceServe(0, HasThrown: false, Answer: null);
        while (ReceiveNext(serve) is { Status: ObjectStatus.Ok } next)
            serve = ServeCall(next);
    }

    private ServedCallReply? ReceiveNext(ServiceServe serve)
    {
        try
        {
            return SendAnswer(serve);
        }
        catch (PayloadTooLargeException tooLarge)
        {
            return SendAnswer(new ServiceServe(serve.Call, HasThrown: true, FailureOf(tooLarge)));
        }
    }

    private ServedCallReply? SendAnswer(ServiceServe serve) =>
        ServedCallReply.FromEnvelope(channel.SendRequest(service, serve, -1, cancellationToken));

    private ServiceServe ServeCall(ServedCallReply next)
    {
        try
        {
            return new ServiceServe(next.Call, HasThrown: false, InvokeMethod(new FunctionRef("", next.Function), next.Arguments));
        }
        catch (Exception exception) when (!MemoryLimit.IsExceededBy(exception))
        {
            // The caller gets any exception of user code, and the service continues.
            return new ServiceServe(next.Call, HasThrown: true, FailureOf(exception));
        }
        finally
        {
            AttachedMemory.EndJob();
        }
    }

    private byte[] InvokeMethod(FunctionRef function, ReadOnlyMemory<byte> arguments)
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
        return _result.Written.ToArray();
    }

    private static ReadOnlyMemory<byte> FailureOf(Exception exception)
    {
        var writer = new FrameWriter();
        writer.WriteFailure(FailureConverter.ToFailure(exception));
        return writer.Written;
    }
}
