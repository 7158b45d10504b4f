using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>Converts the end of a job to a <see cref="JobState"/>.</summary>
internal static class JobStates
{
    /// <summary>Converts the status of an outcome.</summary>
    public static JobState ToState(JobStatus status) => status switch
    {
        JobStatus.Succeeded => JobState.Succeeded,
        JobStatus.Canceled => JobState.Canceled,
        JobStatus.PoolTerminated => JobState.Dropped,
        JobStatus.TimedOut => JobState.TimedOut,
        JobStatus.WorkerLost or JobStatus.MemoryExceeded => JobState.Lost,
        _ => JobState.Failed,
    };

    /// <summary>Converts the exception of a job that ended without an outcome.</summary>
    public static JobState ToState(Exception exception) => exception switch
    {
        PoolTerminatedException => JobState.Dropped,
        CoordinatorLostException or DurableStoreException => JobState.Lost,
        _ => JobState.Failed,
    };
}
