using System.Globalization;

namespace Actors.WorkerNode.Joining;

/// <summary>The range of the number of executors of a node.</summary>
/// <param name="Min">The minimum, at least 1.</param>
/// <param name="Max">The maximum, not less than the minimum.</param>
public readonly record struct ExecutorRange(int Min, int Max)
{
    /// <summary>The largest allowed number of executors.</summary>
    public const int MaxExecutors = 4096;

    /// <summary>Parses N or MIN..MAX; null if the text is invalid.</summary>
    public static ExecutorRange? TryParse(string text)
    {
        var parts = text.Split("..");
        return parts.Length <= 2 && ParseNumber(parts[0]) is { } min && ParseNumber(parts[^1]) is { } max && min <= max
            ? new ExecutorRange(min, max)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Min == Max ? $"{Min}" : $"{Min}..{Max}";

    private static int? ParseNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MaxExecutors
            ? number
            : null;
}

/// <summary>
/// Decides the number of executors of a node. It grows, at most doubling, while jobs wait and the machine has capacity. It shrinks one by
/// one after executors have been idle for a time. Has no actor and no clock.
/// </summary>
/// <param name="range">The range.</param>
/// <param name="idleAfter">The idle time after which one executor is removed.</param>
/// <param name="busyMachine">The machine load, from 0 to 1, above which more processes would not help.</param>
public sealed class ScalingState(ExecutorRange range, TimeSpan idleAfter, double busyMachine)
{
    /// <summary>The time in which new executors can begin before more are added.</summary>
    public static readonly TimeSpan GrowInterval = TimeSpan.FromSeconds(1);

    private TimeSpan? _grew;
    private TimeSpan? _idleSince;

    /// <summary>The current number of executors.</summary>
    public int Executors { get; private set; } = range.Min;

    /// <summary>Updates the number of executors.</summary>
    /// <param name="waiting">The waiting jobs of all pools that this node serves.</param>
    /// <param name="idle">The idle executors of these pools.</param>
    /// <param name="load">The load of the machine, from 0 to 1.</param>
    /// <param name="now">The current time.</param>
    public void UpdateTarget(long waiting, long idle, double load, TimeSpan now)
    {
        if (waiting > 0)
            AddExecutors(waiting, load, now);
        else if (idle > 0)
            RemoveExecutor(now);
        else
            _idleSince = null;
    }

    private void AddExecutors(long waiting, double load, TimeSpan now)
    {
        _idleSince = null;
        if (load > busyMachine || now - _grew < GrowInterval)
            return;
        Executors = (int)Math.Min(range.Max, Executors + Math.Min(waiting, Executors));
        _grew = now;
    }

    private void RemoveExecutor(TimeSpan now)
    {
        if (now - (_idleSince ??= now) < idleAfter || Executors == range.Min)
            return;
        Executors--;
        _idleSince = now;
    }
}
