using System.Buffers;
using System.Reflection;
using Actors.Messages.Executors;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Executor.Functions;

/// <summary>The stage of a call. It tells the cause of an exception.</summary>
internal enum CallStage
{
    /// <summary>The arguments are being read: an exception means a refusal.</summary>
    Reading,

    /// <summary>The function of the user runs: an exception is its own.</summary>
    Running,

    /// <summary>The result is being written: an exception means a refusal.</summary>
    Writing,
}

/// <summary>Calls a function of the user. Not thread-safe, because an executor runs one job at a time.</summary>
internal abstract class FunctionInvoker
{
    private Action? _argumentsRead;

    /// <summary>The stage that the last call reached.</summary>
    internal CallStage Stage { get; private protected set; }

    /// <summary>Records the item of a chunk that runs; null outside of an executor.</summary>
    internal ExecutorProgress? Progress { get; set; }

    /// <summary>The running job, for its function; null for none.</summary>
    internal JobContext? Context { get; set; }

    /// <summary>The function; null for the constructor of a service.</summary>
    internal MethodInfo? Method { get; private set; }

    /// <summary>Whether the call is a job for its function. A service is called many times by others.</summary>
    internal virtual bool IsJob => true;

    /// <summary>
    /// The item of a chunk that threw the exception of the call, counted from 1. 0 if it is unknown or has its own outcome.
    /// </summary>
    internal virtual int RunningItem => 0;

    /// <summary>Creates the invoker of the function that a reference names.</summary>
    /// <exception cref="FunctionNotFoundException">The function does not exist in this process, or jobs may not call it.</exception>
    /// <exception cref="InvalidDataException">The reference is malformed.</exception>
    internal static FunctionInvoker CreateInvoker(FunctionRef function) =>
        CreateInvoker(function.Definition);

    /// <inheritdoc cref="CreateInvoker(FunctionRef)"/>
    internal static FunctionInvoker CreateInvoker(ReadOnlyMemory<byte> definition) =>
        CreateInvoker(FunctionDefinition.FromBytes(definition.Span));

    /// <inheritdoc cref="CreateInvoker(FunctionRef)"/>
    internal static FunctionInvoker CreateInvoker(FunctionDefinition definition)
    {
        if (definition.Shape == CallShape.ServeNew)
            return InvokerFactory.MakeService(FunctionResolver.ResolveTarget(definition));
        var function = FunctionResolver.ResolveFunction(definition);
        var invoker = definition.Reduce is { } reduce
            ? InvokerFactory.MakeReducing(function, FunctionResolver.ResolveFunction(reduce))
            : InvokerFactory.MakeInvoker(function, definition.Shape);
        invoker.Method = function.Method;
        return invoker;
    }

    /// <summary>
    /// Calls the function and writes its result, or the results of its chunk. Exceptions of the function are not wrapped.
    /// </summary>
    /// <param name="arguments">The encoded target and arguments.</param>
    /// <param name="jobToken">The token that the function gets for each parameter of type <see cref="CancellationToken"/>.</param>
    /// <param name="result">
    /// Receives the encoded result; nothing if the function returns none. The contents must not be used after an exception.
    /// </param>
    /// <param name="argumentsRead">
    /// Called after the arguments were read, before the function is called. Not called if they are malformed.
    /// </param>
    /// <exception cref="InvalidDataException">The arguments are malformed (<see cref="Stage"/> is reading).</exception>
    /// <exception cref="NotCarriedException">
    /// An argument or the result cannot be serialized (<see cref="Stage"/> is not running).
    /// </exception>
#pragma warning disable CA1068 // The token is an input of the job here, and does not cancel this method.
    internal void Invoke(
        ReadOnlyMemory<byte> arguments, CancellationToken jobToken, IBufferWriter<byte> result, Action? argumentsRead = null)
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

    /// <summary>Called when the arguments were read. From here on, user code runs, and the source of the arguments may be freed.</summary>
    private protected void OnArgumentsRead()
    {
        _argumentsRead?.Invoke();
        Stage = CallStage.Running;
    }

    /// <summary>Creates the marker of the items of a chunk, whose first one has this index in the map.</summary>
    private protected ItemMarker MarkItems(long start) => new(Context, Progress, start);

    /// <summary>
    /// Whether the call has ended and only some of its results cannot be serialized. <see cref="WriteRemainingResults"/> then writes the
    /// others, with a refusal in place of each of these.
    /// </summary>
    internal virtual bool HasUnwrittenResults => false;

    /// <summary>Writes the results of a call if <see cref="HasUnwrittenResults"/> is true.</summary>
    internal virtual void WriteRemainingResults(IBufferWriter<byte> result) =>
        throw new InvalidOperationException("The call has no other results.");

    private protected abstract void CallFunction(ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken);
}

/// <summary>Calls a function once, with a single result.</summary>
internal abstract class SingleInvoker<TResult> : FunctionInvoker
{
    private protected sealed override void CallFunction(
        ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken)
    {
        var reader = new ValueReader(arguments, jobToken);
        var value = RunFunction(ref reader);
        Stage = CallStage.Writing;
        if (typeof(TResult) != typeof(Nothing))
        {
            ValueSerializer.WriteValue(result, value);
        }
    }

    /// <summary>Reads the arguments, calls <see cref="EndArguments"/>, and calls the function.</summary>
    private protected abstract TResult RunFunction(ref ValueReader reader);

    /// <summary>Ends the arguments. From here on, user code runs.</summary>
    private protected void EndArguments(ref ValueReader reader)
    {
        reader.RequireEnd();
        OnArgumentsRead();
    }
}
