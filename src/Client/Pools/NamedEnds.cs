namespace Actors.Pools;

/// <summary>
/// The exceptions of jobs that end together because their pool does: one for each function, which its message names. One for each job
/// would be too many, since a pool may have a million.
/// </summary>
/// <param name="reason">Why the pool ended.</param>
internal sealed class NamedEnds(Exception reason)
{
    private readonly Dictionary<string, Exception> _byFunction = [];

    public Exception Of(PendingJob job)
    {
        if (job.Function is not { } function)
            return reason;
        if (!_byFunction.TryGetValue(function, out var named))
            _byFunction[function] = named = Name(reason, $"{reason.Message} The job called {function}.");
        return named;
    }

    private static Exception Name(Exception reason, string message) => reason switch
    {
        PoolTerminatedException => new PoolTerminatedException(message),
        PoolFailedException => new PoolFailedException(message, reason.InnerException),
        CoordinatorLostException => new CoordinatorLostException(message, reason.InnerException),
        DurableStoreException => new DurableStoreException(message),
        _ => reason,
    };
}
