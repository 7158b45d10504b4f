using System.Diagnostics;
using Actors;

namespace Telemetry;

/// <summary>The calls whose time is measured.</summary>
internal static class Calls
{
    private const int Jobs = 200_000;
    private const int Rounds = 7;

    /// <summary>Submits many jobs and awaits their results.</summary>
    /// <returns>The time of a job in nanoseconds.</returns>
    public static async Task<double> RunJobsAsync(ProcessPool pool)
    {
        var start = Stopwatch.GetTimestamp();
        var jobs = new JobHandle<int>[Jobs];
        for (var i = 0; i < jobs.Length; i++)
            jobs[i] = pool.ApplyAsync(static x => x + 1, i);
        foreach (var job in jobs)
            await job;
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Jobs;
    }

    /// <summary>Measures the time of a job, in nanoseconds: the median of several rounds.</summary>
    public static async Task<double> MedianAsync(ProcessPool pool)
    {
        var rounds = new List<double>();
        for (var i = 0; i < Rounds; i++)
            rounds.Add(await RunJobsAsync(pool));
        return rounds.Order().ElementAt(Rounds / 2);
    }

    /// <summary>
    /// Measures the processor time of a job in this process and its worker, in nanoseconds. Other programs disturb it less than the time.
    /// </summary>
    public static async Task<double> MeasureProcessorTimeAsync(ProcessPool pool, params Process[] processes)
    {
        var before = MeasureTime();
        await RunJobsAsync(pool);
        return (MeasureTime() - before) / Jobs;

        double MeasureTime() => processes.Sum(static process =>
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalNanoseconds;
        });
    }
}
