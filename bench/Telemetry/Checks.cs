using System.Diagnostics;
using Actors;

namespace Telemetry;

/// <summary>The checks that a call makes without a listener, as the library has compiled them.</summary>
internal static class Checks
{
    private const int Times = 100_000_000;

    /// <summary>Measures the check before the submission of a job, and the one at its end.</summary>
    /// <returns>The time in nanoseconds, and the allocated bytes of all repetitions.</returns>
    public static (double Nanoseconds, long Allocated) Measure()
    {
        var library = typeof(ProcessPool).Assembly;
        var submission = library.GetType("Actors.Telemetry.PoolInstruments")!.GetProperty("ObserveJobs")!.GetMethod!
            .CreateDelegate<Func<bool>>();
        var job = Activator.CreateInstance(
            library.GetType("Actors.Pools.PendingCall`1")!.MakeGenericType(typeof(int)), [null, null])!;
        var end = library.GetType("Actors.Pools.PendingJob")!.GetProperty("Telemetry")!.GetMethod!.CreateDelegate<Func<object?>>(job);
        Func<bool> ending = () => end() is not null;
        // Once for the compiler, which optimizes code that runs often.
        _ = Repeat(submission) + Repeat(ending);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var time = Repeat(submission) + Repeat(ending);
        return (time, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static double Repeat(Func<bool> check)
    {
        var observed = 0;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Times; i++)
            observed += check() ? 1 : 0;
        var elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Times;
        return observed == 0 ? elapsed : throw new InvalidOperationException("Somebody listens.");
    }
}
