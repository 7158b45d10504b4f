using System.Buffers;
using Actors.Executor.Functions;
using Actors.Messages.Values;

namespace Actors.Executor.Services;

/// <summary>Calls a function of one argument with what this process serves.</summary>
/// <param name="bind">Makes the function of the target that came with the call; null where none comes.</param>
/// <param name="target">Reads that target; null where none comes.</param>
internal sealed class InstanceInvoker<T, TReturned, TResult, TReturn>(Func<object?, Func<T, TReturned>> bind, TargetReader? target)
    : FunctionInvoker, IServed
    where TReturn : IReturn<TReturned, TResult>
{
    public object? Instance { private get; set; }

    private protected override void CallFunction(ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken)
    {
        var reader = new ValueReader(arguments, jobToken);
        var function = bind(target is null ? null : target.ReadTarget(ref reader) ?? throw new InvalidDataException("The target is missing."));
        reader.RequireEnd();
        OnArgumentsRead();
        var value = TReturn.ResultOf(function((T)Instance!));
        Stage = CallStage.Writing;
        if (typeof(TResult) != typeof(Nothing))
            ValueSerializer.WriteValue(result, value);
    }
}
