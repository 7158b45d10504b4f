namespace Actors.Pools;

/// <summary>
/// Creates the exceptions of jobs that end with their pool: one for each function, named in the message. One for each job would be too
/// many, since a pool may have a million jobs.
/// </summary>
/// <param name="reason">The reason for the end of the pool.</param>
internal sealed class EndExceptions(Exception reason)
{
    private readonly Dictionary<string, Exception> _byFunction = [];

    public Exception GetException(PendingJob job)
    {
        if (job.Function is not { } function)
            return reason;
        if (!_byFunction.TryGetValue(function, out var named))
            _byFunction[function] = named = WithMessage(reason, $"{reason.Message} The job called {function}.");
        return named;
    }

    /// <summary>Ends jobs without an outcome, with all their handles.</summary>
    /// <param name="jobs">The first handle of each job.</param>
    /// <param name="tally">Counts them.</param>
    /// <param name="release">Releases the resources of a handle.</param>
    public void DropJobs(IReadOnlyCollection<PendingJob> jobs, PoolTally tally, Action<PendingJob> release)
    {
        foreach (var first in jobs)
        {
            for (var handle = first; handle is not null; handle = handle.Next)
            {
                // Counted before its end is visible, because the pool may finish at that moment.
                tally.CountDropped(handle);
                release(handle);
                handle.EndWith(GetException(handle));
            }
        }
    }

    /// <summary>Copies an exception of a pool's end with another message; returns exceptions of other types as they are.</summary>
    public static Exception WithMessage(Exception reason, string message) => reason switch
    {
        PoolTerminatedException => new PoolTerminatedException(message),
        PoolFailedException => new PoolFailedException(message, reason.InnerException),
        CoordinatorLostException => new CoordinatorLostException(message, reason.InnerException),
        DurableStoreException => new DurableStoreException(message),
        _ => reason,
    };
}
