using System.Buffers;
using Actors.Executor.Functions;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Values;

namespace Actors.Executor.Services;

/// <summary>Makes what is served, then serves calls on it for as long as its managed object is there.</summary>
/// <param name="bind">Makes the factory of the target that came with the call; null where none comes.</param>
/// <param name="target">Reads that target; null where none comes.</param>
internal sealed class ServiceInvoker<TReturned, T, TReturn>(Func<object?, Func<TReturned>> bind, TargetReader? target) : FunctionInvoker
    where TReturn : IReturn<TReturned, T>
{
    private protected override void CallFunction(ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken)
    {
        var reader = new ValueReader(arguments, jobToken);
        var factory = bind(target is null ? null : target.ReadTarget(ref reader) ?? throw new InvalidDataException("The target is missing."));
        var service = new ObjectId(reader.ReadValue<Guid>());
        reader.RequireEnd();
        OnArgumentsRead();
        var instance = TReturn.ResultOf(factory()) ?? throw new InvalidOperationException("The factory of the service made null.");
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
