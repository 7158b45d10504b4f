using System.Buffers;
using Actors.Executor.Functions;
using Actors.Messages.Values;

namespace Actors.Executor.Services;

/// <summary>
/// Calls a function whose argument is the instance that this process serves, or a service from the scope of the job.
/// </summary>
/// <param name="bind">Creates the function from the target of the call; the target is null if the function has none.</param>
/// <param name="target">Reads the target; null for none.</param>
internal sealed class InstanceInvoker<T, TReturned, TResult, TReturn>(Func<object?, Func<T, TReturned>> bind, TargetReader? target)
    : FunctionInvoker, IServed
    where TReturn : IReturn<TReturned, TResult>
{
    public object? Instance { private get; set; }

    private protected override void CallFunction(ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken)
    {
        var reader = new ValueReader(arguments, jobToken);
        var function = bind(
            target is null ? null : target.ReadTarget(ref reader) ?? throw new InvalidDataException("The target is missing."));
        reader.RequireEnd();
        OnArgumentsRead();
        var value = TReturn.ResultOf(function((T)(Instance ?? Context!.GetService(typeof(T)))));
        Stage = CallStage.Writing;
        if (typeof(TResult) != typeof(Nothing))
            ValueSerializer.WriteValue(result, value);
    }
}
