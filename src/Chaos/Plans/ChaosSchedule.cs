using Actors.Messages.Chaos;

namespace Actors.Chaos.Plans;

/// <summary>A fault with its time. Immutable.</summary>
/// <param name="At">The time from the beginning of the run.</param>
/// <param name="Planned">The entry of the plan.</param>
/// <param name="Choice">The random number that chooses its target.</param>
internal sealed record ScheduledFault(TimeSpan At, ChaosPlanEntry Planned, ulong Choice)
{
    /// <summary>Gets the target in a sorted list of programs.</summary>
    public T ChooseFrom<T>(IReadOnlyList<T> sorted) => sorted[(int)(Choice % (ulong)sorted.Count)];

    /// <summary>Gets another choice of the same fault, such as the peer of a partition.</summary>
    public T ChooseAgainFrom<T>(IReadOnlyList<T> sorted) => sorted[(int)((Choice >> 32) % (ulong)sorted.Count)];

    /// <summary>Gets the fault with its choice, for the program that it hits.</summary>
    public ChaosFault ToFault() => Planned.Fault with { Choice = (long)(Choice >> 1) };
}

/// <summary>
/// Decides the times and choices of all faults of a run from its plan, seed and duration. Two faults are at least
/// <see cref="ChaosPlan.Spacing"/> apart: a later one moves back, and is left out if it does not fit before the cool-down.
/// </summary>
internal static class ChaosSchedule
{
    /// <summary>The part of an interval within which the seed chooses the time of a fault.</summary>
    private const double Spread = 0.5;

    /// <summary>Creates the schedule.</summary>
    /// <exception cref="ChaosPlanException">The duration has no time for a fault.</exception>
    public static IReadOnlyList<ScheduledFault> CreateSchedule(ChaosPlan plan, long seed, TimeSpan duration)
    {
        var end = duration - plan.CoolDown;
        if (end <= plan.WarmUp)
        {
            throw new ChaosPlanException(
                $"The run of {duration.TotalSeconds:0} s has no time for faults between chaos.warm-up ({plan.WarmUp.TotalSeconds:0} s) and "
                + $"chaos.cool-down ({plan.CoolDown.TotalSeconds:0} s). Pass a longer --for.");
        }

        var choices = new SeededChoices(seed);
        var wanted = plan.Faults.SelectMany(fault => CreateTimes(plan, fault, end, choices)).OrderBy(fault => fault.At).ToList();
        var scheduled = KeepApart(wanted, plan.Spacing, end).ToList();
        return scheduled.Count > 0
            ? scheduled
            : throw new ChaosPlanException(
                $"No fault of the plan happens within {duration.TotalSeconds:0} s: their intervals and durations are too long. Pass a "
                + "longer --for.");
    }

    private static IEnumerable<ScheduledFault> CreateTimes(ChaosPlan plan, ChaosPlanEntry fault, TimeSpan end, SeededChoices choices)
    {
        if (fault.At is { } at)
        {
            yield return new ScheduledFault(plan.WarmUp + at, fault, choices.GetNext());
            yield break;
        }

        var interval = fault.Every!.Value;
        for (var begin = plan.WarmUp; begin < end; begin += interval)
            yield return new ScheduledFault(begin + (Spread * choices.GetFraction() * interval), fault, choices.GetNext());
    }

    private static IEnumerable<ScheduledFault> KeepApart(IEnumerable<ScheduledFault> wanted, TimeSpan spacing, TimeSpan end)
    {
        var free = TimeSpan.Zero;
        foreach (var fault in wanted)
        {
            var at = fault.At < free ? free : fault.At;
            if (at + fault.Planned.Duration > end)
                continue;
            free = at + fault.Planned.Duration + spacing;
            yield return fault with { At = at };
        }
    }
}
