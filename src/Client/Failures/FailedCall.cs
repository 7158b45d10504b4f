using Actors.Pools;

namespace Actors;

/// <summary>
/// The call that an exception of a job comes from. <see cref="Exception.Data"/> holds the same values under <c>Actors.Function</c>,
/// <c>Actors.Job</c> and <c>Actors.Item</c>, for loggers. Python has no counterpart. Immutable.
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
/// <param name="Job">
/// The number of the job in its pool, as <see cref="JobHandle.Id"/>; 0 for an item that could not be sent.
/// </param>
/// <param name="Item">
/// The index of the item in the source of a map, from 0. For a chunk that failed as a whole: the running item, or the first item when that
/// is unknown. Null for other jobs.
/// </param>
public sealed record FailedCall(string? Function, long Job, long? Item)
{
    private const string FunctionKey = "Actors.Function";
    private const string JobKey = "Actors.Job";
    private const string ItemKey = "Actors.Item";

    /// <summary>Gets the call that an exception comes from.</summary>
    /// <param name="exception">
    /// An exception thrown by awaiting a job or a map, or an inner exception of <see cref="Task.Exception"/>.
    /// </param>
    /// <returns>The call; null for an exception that does not belong to a single job.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is null.</exception>
    public static FailedCall? Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Data is { } data && data[JobKey] is long job
            ? new FailedCall(data[FunctionKey] as string, job, data[ItemKey] as long?)
            : null;
    }

    /// <summary>Attaches the call to the exception, and replaces the call of a nested job.</summary>
    internal static TException AttachCall<TException>(TException exception, CallName call)
        where TException : Exception
    {
#pragma warning disable CA1031 // A user's exception can override Data; an error there must not hide the failure.
        try
        {
            SetEntry(exception, FunctionKey, call.Function);
            SetEntry(exception, JobKey, call.Job.Value);
            SetEntry(exception, ItemKey, call.Items == 0 ? null : call.First);
        }
        catch (Exception)
        {
            // The exception is thrown without the call.
        }
#pragma warning restore CA1031
        return exception;
    }

    private static void SetEntry(Exception exception, string key, object? value)
    {
        if (value is null)
            exception.Data.Remove(key);
        else
            exception.Data[key] = value;
    }
}
