using System.Globalization;

namespace Actors;

/// <summary>
/// The numbers of jobs of a finished pool by outcome. Every job counts once; a call is one job, and so is each chunk of a map. Items are
/// counted separately: those of a map, and one for each call. Immutable.
/// </summary>
/// <param name="Succeeded">The number of jobs that returned. A chunk of a map counts when all its items returned.</param>
/// <param name="Failed">The number of jobs that threw, could not be called, or ended with the failure of the pool.</param>
/// <param name="Canceled">The number of canceled jobs.</param>
/// <param name="TimedOut">The number of jobs that exceeded their timeout.</param>
/// <param name="Lost">
/// The number of jobs that lost their worker in the last attempt, exceeded the memory limit, or were lost with their coordinator.
/// </param>
/// <param name="Dropped">The number of jobs that the termination of the pool dropped.</param>
/// <param name="FirstFailures">
/// The first failed jobs in the order of their ends, without dropped and canceled ones; at most <see cref="MostFailures"/>.
/// </param>
public sealed record PoolSummary(
    long Succeeded, long Failed, long Canceled, long TimedOut, long Lost, long Dropped, IReadOnlyList<JobFailure> FirstFailures)
{
    /// <summary>The highest number of failures in a summary.</summary>
    public const int MostFailures = 10;

    /// <summary>Gets the number of all jobs: the sum of the counts.</summary>
    public long Total => Succeeded + Failed + Canceled + TimedOut + Lost + Dropped;

    /// <summary>Gets the number of items of these jobs.</summary>
    public long Items { get; init; }

    /// <summary>Gets the number of items with a result.</summary>
    public long SucceededItems { get; init; }

    /// <summary>Gets the number of items without a result: the function threw, or the job ended without results.</summary>
    public long FailedItems => Items - SucceededItems;

    /// <summary>
    /// Returns one line such as <c>12 jobs: 10 succeeded, 2 failed; 1,009 items: 1,000 succeeded, 9 failed. First failure: Job 5
    /// (Program.Parse): System.FormatException: bad</c>.
    /// </summary>
    public override string ToString()
    {
        var jobs = FormatCounts(
            Total, "job", (Succeeded, "succeeded"), (Failed, "failed"), (Canceled, "canceled"), (TimedOut, "timed out"), (Lost, "lost"),
            (Dropped, "dropped"));
        var items = Items == Total ? "" : $"; {FormatCounts(Items, "item", (SucceededItems, "succeeded"), (FailedItems, "failed"))}";
        var failure = FirstFailures is [var first, ..] ? $". First failure: {first}" : "";
        return $"{jobs}{items}{failure}";
    }

    private static string FormatCounts(long total, string noun, params ReadOnlySpan<(long Count, string Name)> counts)
    {
        var parts = new List<string>();
        foreach (var (count, name) in counts)
        {
            if (count > 0)
                parts.Add($"{FormatNumber(count)} {name}");
        }

        var all = $"{FormatNumber(total)} {noun}{(total == 1 ? "" : "s")}";
        return parts.Count == 0 ? all : $"{all}: {string.Join(", ", parts)}";
    }

    private static string FormatNumber(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
