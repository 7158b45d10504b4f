using System.Buffers;
using Actors.Executor.Functions;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Values;

namespace Actors.Executor.Services;

/// <summary>Creates the instance of a service, and serves calls until its managed object is removed.</summary>
/// <param name="bind">Creates the factory from the target of the call; the target is null if the factory has none.</param>
/// <param name="target">Reads the target; null for none.</param>
internal sealed class ServiceInvoker<TReturned, T, TReturn>(Func<object?, Func<TReturned>> bind, TargetReader? target) : FunctionInvoker
    where TReturn : IReturn<TReturned, T>
{
    internal override bool IsJob => false;

    private protected override void CallFunction(ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken)
    {
        var reader = new ValueReader(arguments, jobToken);
        var factory = bind(
            target is null ? null : target.ReadTarget(ref reader) ?? throw new InvalidDataException("The target is missing."));
        var service = new ObjectId(reader.ReadValue<Guid>());
        reader.RequireEnd();
        OnArgumentsRead();
        var instance = TReturn.ResultOf(factory())
            ?? throw new InvalidOperationException("The factory of the service returned null. Return an instance.");
        try
        {
            new ServiceLoop(instance, service, ObjectChannel.OfProcess!, jobToken).ServeUntilRemoved();
        }
        finally
        {
            (instance as IDisposable)?.Dispose();
        }
    }
}
