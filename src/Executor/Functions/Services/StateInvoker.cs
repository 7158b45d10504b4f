using System.Buffers;
using Actors.Executor.Functions;
using Actors.Messages.Executors;
using Actors.Messages.Values;

namespace Actors.Executor.Services;

/// <summary>Calls the factory of a worker's state, and keeps the created object.</summary>
internal abstract class StateInvoker : FunctionInvoker
{
    private object? _created;

    /// <summary>Calls the factory of the pool.</summary>
    /// <param name="definition">The factory.</param>
    /// <param name="arguments">Its encoded target.</param>
    /// <returns>The state.</returns>
    public static object CreateState(ReadOnlyMemory<byte> definition, ReadOnlyMemory<byte> arguments)
    {
        var invoker = CreateInvoker(definition);
        invoker.Invoke(arguments, CancellationToken.None, new FrameWriter());
        return ((StateInvoker)invoker).TakeState();
    }

    /// <summary>Takes the object that the last call has created.</summary>
    public object TakeState()
    {
        var created = _created;
        _created = null;
        return created!;
    }

    private protected sealed override void CallFunction(
        ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken)
    {
        var reader = new ValueReader(arguments, jobToken);
        _created = CallFactory(ref reader)
            ?? throw new InvalidOperationException("The factory of PoolOptions.State returned null. Return an object.");
    }

    /// <summary>Reads the target of the factory, and calls it.</summary>
    private protected abstract object? CallFactory(ref ValueReader reader);
}

/// <inheritdoc/>
/// <param name="factory">The factory.</param>
internal sealed class StateInvoker<TReturned, T, TReturn>(BoundFunction<Func<TReturned>> factory) : StateInvoker
    where TReturn : IReturn<TReturned, T>
{
    private protected override object? CallFactory(ref ValueReader reader)
    {
        var bound = factory.ReadFunction(ref reader);
        reader.RequireEnd();
        OnArgumentsRead();
        return TReturn.ResultOf(bound());
    }
}
