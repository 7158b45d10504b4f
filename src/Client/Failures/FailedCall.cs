using Actors.Pools;

namespace Actors;

/// <summary>
/// The call that an exception of a job comes from. The same is in <see cref="Exception.Data"/> under <c>Actors.Function</c>,
/// <c>Actors.Job</c> and <c>Actors.Item</c>, for loggers. Immutable; Python has no counterpart.
/// <example>
/// <code>
/// catch (FormatException e)
/// {
///     Console.WriteLine($"Item {FailedCall.Of(e)?.Item} failed: {e.Message}");
/// }
/// </code>
/// </example>
/// </summary>
/// <param name="Function">The name of the function; null for a job of a durable pool that another program submitted.</param>
/// <param name="Job">The number of the job in its pool, as <see cref="JobHandle.Id"/>.</param>
/// <param name="Item">
/// For a map the index of the item in its source, from 0; for a chunk that failed as a whole the item that was running, or its first
/// where that is not known. Null for other jobs.
/// </param>
public sealed record FailedCall(string? Function, long Job, long? Item)
{
    private const string FunctionKey = "Actors.Function";
    private const string JobKey = "Actors.Job";
    private const string ItemKey = "Actors.Item";

    /// <summary>Gets the call that an exception comes from.</summary>
    /// <param name="exception">What awaiting a job or a map threw, or an inner exception of <see cref="Task.Exception"/>.</param>
    /// <returns>The call; null for an exception that is not of a single job.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is null.</exception>
    public static FailedCall? Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Data is { } data && data[JobKey] is long job
            ? new FailedCall(data[FunctionKey] as string, job, data[ItemKey] as long?)
            : null;
    }

    /// <summary>Notes the call with the exception; what the exception brought along from a call inside the job is replaced.</summary>
    internal static TException Attach<TException>(TException exception, CallName call)
        where TException : Exception
    {
#pragma warning disable CA1031 // Data can be overridden: what a user's exception does there must not lose the failure.
        try
        {
            Set(exception, FunctionKey, call.Function);
            Set(exception, JobKey, call.Job.Value);
            Set(exception, ItemKey, call.Items == 0 ? null : call.First);
        }
        catch (Exception)
        {
            // It is thrown without.
        }
#pragma warning restore CA1031
        return exception;
    }

    private static void Set(Exception exception, string key, object? value)
    {
        if (value is null)
            exception.Data.Remove(key);
        else
            exception.Data[key] = value;
    }
}
