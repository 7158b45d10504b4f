using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>The one place where the end of a job becomes a <see cref="JobState"/>.</summary>
internal static class JobStates
{
    /// <summary>Of a job whose outcome has come.</summary>
    public static JobState Of(JobStatus status) => status switch
    {
        JobStatus.Succeeded => JobState.Succeeded,
        JobStatus.Cancelled => JobState.Cancelled,
        JobStatus.PoolTerminated => JobState.Dropped,
        JobStatus.TimedOut => JobState.TimedOut,
        JobStatus.WorkerLost or JobStatus.MemoryExceeded => JobState.Lost,
        _ => JobState.Failed,
    };

    /// <summary>Of a job that ended without an outcome.</summary>
    public static JobState Of(Exception exception) => exception switch
    {
        PoolTerminatedException => JobState.Dropped,
        CoordinatorLostException or DurableStoreException => JobState.Lost,
        _ => JobState.Failed,
    };
}
