using System.Globalization;

namespace Actors;

/// <summary>
/// How the jobs of a pool ended, when it is over. Every job is counted once; a call is a job, and so is each chunk of a map. Items are
/// counted separately:
/// those of a map, and one for each call.
/// </summary>
/// <param name="Succeeded">How many jobs returned. A chunk of a map returned when all of its items did.</param>
/// <param name="Failed">How many threw, could not be called, or ended with the failure of the pool.</param>
/// <param name="Cancelled">How many were cancelled by their callers.</param>
/// <param name="TimedOut">How many ran over their timeout.</param>
/// <param name="Lost">
/// How many lost their workers as often as they might, took too much memory, or were lost with their coordinator.
/// </param>
/// <param name="Dropped">How many were ended by the pool's termination.</param>
/// <param name="FirstFailures">
/// The first that did not succeed, in the order of their ends; at most <see cref="MostFailures"/>. Dropped and cancelled ones are not
/// among them.
/// </param>
public sealed record PoolSummary(
    long Succeeded, long Failed, long Cancelled, long TimedOut, long Lost, long Dropped, IReadOnlyList<JobFailure> FirstFailures)
{
    /// <summary>How many failures a summary keeps.</summary>
    public const int MostFailures = 10;

    /// <summary>How many jobs there were: the sum of all counts of jobs.</summary>
    public long Total => Succeeded + Failed + Cancelled + TimedOut + Lost + Dropped;

    /// <summary>How many items these jobs had.</summary>
    public long Items { get; init; }

    /// <summary>How many items have a result.</summary>
    public long SucceededItems { get; init; }

    /// <summary>How many items have none: their function threw, or their job did not end with results.</summary>
    public long FailedItems => Items - SucceededItems;

    /// <summary>
    /// One line for people, such as <c>12 jobs: 10 succeeded, 2 failed; 1,009 items: 1,000 succeeded, 9 failed. First failure: job 5:
    /// System.FormatException: bad</c>.
    /// </summary>
    public override string ToString()
    {
        var jobs = Counts(
            Total, "job", (Succeeded, "succeeded"), (Failed, "failed"), (Cancelled, "cancelled"), (TimedOut, "timed out"), (Lost, "lost"),
            (Dropped, "dropped"));
        var items = Items == Total ? "" : $"; {Counts(Items, "item", (SucceededItems, "succeeded"), (FailedItems, "failed"))}";
        var failure = FirstFailures is [var first, ..] ? $". First failure: {first}" : "";
        return $"{jobs}{items}{failure}";
    }

    private static string Counts(long total, string noun, params ReadOnlySpan<(long Count, string Name)> counts)
    {
        var parts = new List<string>();
        foreach (var (count, name) in counts)
        {
            if (count > 0)
                parts.Add($"{Number(count)} {name}");
        }

        var all = $"{Number(total)} {noun}{(total == 1 ? "" : "s")}";
        return parts.Count == 0 ? all : $"{all}: {string.Join(", ", parts)}";
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
