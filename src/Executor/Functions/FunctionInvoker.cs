using System.Buffers;
using Actors.Messages.Executors;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Executor.Functions;

/// <summary>How far a call has come: whose an exception is.</summary>
internal enum CallStage
{
    /// <summary>The arguments are being read: an exception is a refusal.</summary>
    Reading,

    /// <summary>The user's function runs: an exception is its own.</summary>
    Running,

    /// <summary>The result is being written: an exception is a refusal.</summary>
    Writing,
}

/// <summary>Calls one function of the user's. Not for several threads at once: an executor runs one job at a time.</summary>
internal abstract class FunctionInvoker
{
    private Action? _argumentsRead;

    /// <summary>How far the last call came.</summary>
    internal CallStage Stage { get; private protected set; }

    /// <summary>Where a chunk notes the item that runs; null outside of an executor.</summary>
    internal ExecutorProgress? Progress { get; set; }

    /// <summary>The item of a chunk that the call's exception comes from, counted from 1; 0 where that is not known, or has its own outcome.</summary>
    internal virtual int RunningItem => 0;

    /// <summary>The invoker of the function that a reference names.</summary>
    /// <exception cref="FunctionNotFoundException">It is not here, or is not one that a job may name.</exception>
    /// <exception cref="InvalidDataException">The reference is malformed.</exception>
    internal static FunctionInvoker CreateInvoker(FunctionRef function) => CreateInvoker(FunctionDefinition.FromBytes(function.Definition.Span));

    /// <inheritdoc cref="CreateInvoker(FunctionRef)"/>
    internal static FunctionInvoker CreateInvoker(FunctionDefinition definition) => definition.Shape == CallShape.ServeNew
        ? InvokerFactory.MakeService(FunctionResolver.ResolveTarget(definition))
        : definition.Reduce is { } reduce ? InvokerFactory.MakeReducing(FunctionResolver.ResolveFunction(definition), FunctionResolver.ResolveFunction(reduce))
        : InvokerFactory.MakeInvoker(FunctionResolver.ResolveFunction(definition), definition.Shape);

    /// <summary>Calls the function and writes its result, or its chunk's. What the function throws comes out as it is.</summary>
    /// <param name="arguments">The encoded target and arguments.</param>
    /// <param name="jobToken">What the function gets for each <see cref="CancellationToken"/> that it asks for.</param>
    /// <param name="result">Gets the encoded result; nothing where the function returns none. What it holds after an exception is void.</param>
    /// <param name="argumentsRead">Called when the arguments are not needed any more, before the function is; not when they are malformed.</param>
    /// <exception cref="InvalidDataException">The arguments are malformed (<see cref="Stage"/> is reading).</exception>
    /// <exception cref="NotCarriedException">An argument or the result cannot be carried (<see cref="Stage"/> is not running).</exception>
#pragma warning disable CA1068 // What goes in, then what comes out: the token is an input of the job here, not a way to stop the call.
    internal void Invoke(ReadOnlyMemory<byte> arguments, CancellationToken jobToken, IBufferWriter<byte> result, Action? argumentsRead = null)
#pragma warning restore CA1068
    {
        Stage = CallStage.Reading;
        _argumentsRead = argumentsRead;
        try
        {
            CallFunction(arguments.Span, result, jobToken);
        }
        catch (Exception e) when (Stage == CallStage.Reading && ValueSerializer.IsMalformed(e))
        {
            throw new InvalidDataException($"The arguments are malformed: {e.Message}", e);
        }
    }

    /// <summary>From here on the user's code runs, and what the arguments were read from may be gone.</summary>
    private protected void OnArgumentsRead()
    {
        _argumentsRead?.Invoke();
        Stage = CallStage.Running;
    }

    /// <summary>
    /// Whether the call has ended and only some of its results cannot travel: <see cref="WriteRemainingResults"/> writes the others, and a refusal in
    /// the place of each of these.
    /// </summary>
    internal virtual bool HasUnwrittenResults => false;

    /// <summary>Writes the results of a call for which <see cref="HasUnwrittenResults"/> is true.</summary>
    internal virtual void WriteRemainingResults(IBufferWriter<byte> result) => throw new InvalidOperationException("The call has no other results.");

    private protected abstract void CallFunction(ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken);
}

/// <summary>One call with one result.</summary>
internal abstract class SingleInvoker<TResult> : FunctionInvoker
{
    private protected sealed override void CallFunction(ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken)
    {
        var reader = new ValueReader(arguments, jobToken);
        var value = RunFunction(ref reader);
        Stage = CallStage.Writing;
        if (typeof(TResult) != typeof(Nothing))
        {
            ValueSerializer.WriteValue(result, value);
        }
    }

    /// <summary>Reads the arguments, says so, and calls.</summary>
    private protected abstract TResult RunFunction(ref ValueReader reader);

    /// <summary>The arguments are read: from here on the user's code runs.</summary>
    private protected void EndArguments(ref ValueReader reader)
    {
        reader.RequireEnd();
        OnArgumentsRead();
    }
}
