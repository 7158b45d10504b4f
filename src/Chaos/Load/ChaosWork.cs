namespace Actors.Chaos.Load;

/// <summary>The jobs of the load. They run in the workers of the cluster.</summary>
internal static class ChaosWork
{
    /// <summary>The job: takes some time, and returns a number that only its own index gives.</summary>
    /// <param name="index">The index of the job.</param>
    /// <param name="milliseconds">The time that it takes.</param>
    public static long Compute(long index, int milliseconds)
    {
        if (milliseconds > 0)
            Thread.Sleep(milliseconds);
        return ComputeResult(index);
    }

    /// <summary>Computes the right result of a job.</summary>
    public static long ComputeResult(long index) => (long)new Plans.SeededChoices(index).GetNext();
}
