using Actors.Messages;
using Actors.Messages.Values;

namespace Actors.Executor.Functions;

/// <summary>
/// Converts the return value of a function to its result. A job owns its thread, so it blocks until a task has completed. The exception of
/// a task is thrown as it is, not wrapped.
/// </summary>
internal interface IReturn<TReturned, TResult>
{
    /// <summary>Gets the result, and waits for a task.</summary>
    static abstract TResult ResultOf(TReturned returned);
}

internal readonly struct PlainReturn<T> : IReturn<T, T>
{
    public static T ResultOf(T returned) => returned;
}

internal readonly struct TaskReturn : IReturn<Task, Nothing>
{
    public static Nothing ResultOf(Task returned)
    {
        returned.WaitForResult();
        return default;
    }
}

internal readonly struct TaskReturn<T> : IReturn<Task<T>, T>
{
    public static T ResultOf(Task<T> returned) => returned.WaitForResult();
}

internal readonly struct ValueTaskReturn : IReturn<ValueTask, Nothing>
{
    // Only a Task may be waited for by blocking, not a ValueTask.
    public static Nothing ResultOf(ValueTask returned) => TaskReturn.ResultOf(returned.AsTask());
}

internal readonly struct ValueTaskReturn<T> : IReturn<ValueTask<T>, T>
{
    public static T ResultOf(ValueTask<T> returned) => returned.AsTask().WaitForResult();
}
