namespace Actors;

/// <summary>Where a job is in its life; see <see cref="JobHandle.State"/>.</summary>
public enum JobState
{
    /// <summary>
    /// It has not begun: it is on its way to the pool, waits there, or waits behind another job in a worker. So does a job that will run
    /// again because its worker was lost.
    /// </summary>
    Waiting,

    /// <summary>A worker runs it.</summary>
    Running,

    /// <summary>It returned.</summary>
    Succeeded,

    /// <summary>It threw, could not be called, or ended with the failure of its pool.</summary>
    Failed,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>It ran over its timeout.</summary>
    TimedOut,

    /// <summary>It lost its worker as often as it may, took too much memory, or was lost with the coordinator.</summary>
    Lost,

    /// <summary>It was dropped when the pool was terminated.</summary>
    Dropped,
}
