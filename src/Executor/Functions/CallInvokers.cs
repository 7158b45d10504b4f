using Actors.Messages.Values;

namespace Actors.Executor.Functions;

// One class for each number of arguments, including the target of a closure. This avoids boxing and arrays of arguments.

internal sealed class CallInvoker<TReturned, TResult, TReturn>(Func<TReturned> function) : SingleInvoker<TResult>
    where TReturn : IReturn<TReturned, TResult>
{
    private protected override TResult RunFunction(ref ValueReader reader)
    {
        EndArguments(ref reader);
        return TReturn.ResultOf(function());
    }
}

internal sealed class CallInvoker<T1, TReturned, TResult, TReturn>(Func<T1, TReturned> function) : SingleInvoker<TResult>
    where TReturn : IReturn<TReturned, TResult>
{
    private protected override TResult RunFunction(ref ValueReader reader)
    {
        var argument1 = reader.ReadValue<T1>();
        EndArguments(ref reader);
        return TReturn.ResultOf(function(argument1));
    }
}

internal sealed class CallInvoker<T1, T2, TReturned, TResult, TReturn>(Func<T1, T2, TReturned> function) : SingleInvoker<TResult>
    where TReturn : IReturn<TReturned, TResult>
{
    private protected override TResult RunFunction(ref ValueReader reader)
    {
        var argument1 = reader.ReadValue<T1>();
        var argument2 = reader.ReadValue<T2>();
        EndArguments(ref reader);
        return TReturn.ResultOf(function(argument1, argument2));
    }
}

internal sealed class CallInvoker<T1, T2, T3, TReturned, TResult, TReturn>(Func<T1, T2, T3, TReturned> function) : SingleInvoker<TResult>
    where TReturn : IReturn<TReturned, TResult>
{
    private protected override TResult RunFunction(ref ValueReader reader)
    {
        var argument1 = reader.ReadValue<T1>();
        var argument2 = reader.ReadValue<T2>();
        var argument3 = reader.ReadValue<T3>();
        EndArguments(ref reader);
        return TReturn.ResultOf(function(argument1, argument2, argument3));
    }
}

internal sealed class CallInvoker<T1, T2, T3, T4, TReturned, TResult, TReturn>(Func<T1, T2, T3, T4, TReturned> function)
    : SingleInvoker<TResult>
    where TReturn : IReturn<TReturned, TResult>
{
    private protected override TResult RunFunction(ref ValueReader reader)
    {
        var argument1 = reader.ReadValue<T1>();
        var argument2 = reader.ReadValue<T2>();
        var argument3 = reader.ReadValue<T3>();
        var argument4 = reader.ReadValue<T4>();
        EndArguments(ref reader);
        return TReturn.ResultOf(function(argument1, argument2, argument3, argument4));
    }
}
