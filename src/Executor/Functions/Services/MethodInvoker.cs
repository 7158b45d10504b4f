using System.Buffers;
using System.Reflection;
using Actors.Executor.Functions;
using Actors.Messages.Values;

namespace Actors.Executor.Services;

/// <summary>Calls a method of an interface on the instance that this process serves.</summary>
internal sealed class MethodInvoker<TReturned, TResult, TReturn>(MethodInfo method) : FunctionInvoker, IServed
    where TReturn : IReturn<TReturned, TResult>
{
    private readonly BoxedValue[] _parameters =
        [.. method.GetParameters().Select(parameter => BoxedValue.ForType(parameter.ParameterType))];

    public object? Instance { private get; set; }

    private protected override void CallFunction(ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken)
    {
        var reader = new ValueReader(arguments, jobToken);
        var values = new object?[_parameters.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = _parameters[i].ReadValue(ref reader);
        reader.RequireEnd();
        OnArgumentsRead();
        var returned = method.Invoke(Instance, BindingFlags.DoNotWrapExceptions, null, values, null);
        var value = TReturn.ResultOf(returned is null ? default! : (TReturned)returned);
        Stage = CallStage.Writing;
        if (typeof(TResult) != typeof(Nothing))
            ValueSerializer.WriteValue(result, value);
    }
}
