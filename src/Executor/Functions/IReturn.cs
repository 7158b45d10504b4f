using Actors.Messages.Values;

namespace Actors.Executor.Functions;

/// <summary>
/// From what a function returns to its result. A job has its thread for itself, so a task is waited for in place; its exception
/// comes out as it was thrown, not wrapped.
/// </summary>
internal interface IReturn<TReturned, TResult>
{
    /// <summary>Waits where there is something to wait for.</summary>
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
        returned.GetAwaiter().GetResult();
        return default;
    }
}

internal readonly struct TaskReturn<T> : IReturn<Task<T>, T>
{
    public static T ResultOf(Task<T> returned) => returned.GetAwaiter().GetResult();
}

internal readonly struct ValueTaskReturn : IReturn<ValueTask, Nothing>
{
    // Only a Task may be waited for by blocking.
    public static Nothing ResultOf(ValueTask returned) => TaskReturn.ResultOf(returned.AsTask());
}

internal readonly struct ValueTaskReturn<T> : IReturn<ValueTask<T>, T>
{
    public static T ResultOf(ValueTask<T> returned) => returned.AsTask().GetAwaiter().GetResult();
}
