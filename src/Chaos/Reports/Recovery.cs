using Actors.Chaos.Injection;
using Actors.Chaos.Load;

namespace Actors.Chaos.Reports;

/// <summary>
/// Computes the time to recover from a fault: the time from its beginning until an interval has at least 80 % of the median throughput
/// before the fault, and no operation is pending that began before it. It is zero if neither ever happened.
/// </summary>
internal static class Recovery
{
    /// <summary>The share of the throughput that counts as recovered.</summary>
    public const double RecoveredShare = 0.8;

    /// <summary>The time before a fault whose median is the normal throughput.</summary>
    private static readonly TimeSpan BaselineTime = TimeSpan.FromSeconds(10);

    /// <summary>The time after a fault within which its effect begins. A later drop has another reason.</summary>
    private static readonly TimeSpan EffectTime = TimeSpan.FromSeconds(5);

    /// <summary>Computes the time to recover.</summary>
    /// <param name="intervals">The measurements of the run.</param>
    /// <param name="fault">The fault.</param>
    /// <returns>Null if the throughput did not recover within the run, or nothing was measured before the fault.</returns>
    public static TimeSpan? ComputeTime(IReadOnlyList<LoadInterval> intervals, InjectionRecord fault)
    {
        if (ComputeBaseline(intervals, fault.Begin) is not { } baseline)
            return null;
        var first = intervals.Select((interval, index) => (interval, index))
            .FirstOrDefault(pair => pair.interval.Start >= fault.Begin && pair.interval.Start <= fault.End + EffectTime
                && !IsRecovered(pair.interval, baseline, fault));
        if (first.interval is null)
            return TimeSpan.Zero;
        foreach (var interval in intervals.Skip(first.index))
        {
            if (IsRecovered(interval, baseline, fault))
                return interval.Start + LoadTimeline.Interval - fault.Begin;
        }

        return null;
    }

    /// <summary>Computes the median number of jobs of an interval before a fault; null for none.</summary>
    public static double? ComputeBaseline(IReadOnlyList<LoadInterval> intervals, TimeSpan begin)
    {
        var before = intervals.Where(interval => interval.Start + LoadTimeline.Interval <= begin && interval.Start >= begin - BaselineTime)
            .Select(interval => interval.Jobs).Order().ToList();
        return before.Count == 0 ? null : (before[(before.Count - 1) / 2] + before[before.Count / 2]) / 2.0;
    }

    private static bool IsRecovered(LoadInterval interval, double baseline, InjectionRecord fault) =>
        interval.Jobs >= RecoveredShare * baseline && !(interval.OldestPending <= fault.Begin);
}
