namespace Actors.WorkerNode.Joining;

/// <summary>From how many executors to how many a node runs.</summary>
/// <param name="Min">At least 1.</param>
/// <param name="Max">At least as many.</param>
internal readonly record struct ExecutorRange(int Min, int Max)
{
    /// <summary>The most that a node may run.</summary>
    public const int MaxExecutors = 4096;

    /// <summary>Reads N, or MIN..MAX.</summary>
    public static ExecutorRange? TryParse(string text)
    {
        var parts = text.Split("..");
        return parts.Length <= 2 && ParseNumber(parts[0]) is { } min && ParseNumber(parts[^1]) is { } max && min <= max ? new ExecutorRange(min, max) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Min == Max ? $"{Min}" : $"{Min}..{Max}";

    private static int? ParseNumber(string text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MaxExecutors ? number : null;
}

/// <summary>
/// How many executors a node runs: more while jobs wait and the machine has time for them, doubling; fewer, one after the other, when some have long had nothing to do.
/// Knows no actor and no clock.
/// </summary>
/// <param name="range">From how many to how many.</param>
/// <param name="idleAfter">How long some must have had nothing to do before one is given up.</param>
/// <param name="busyMachine">A machine that is busier than this, of 1, does not get more done by more processes.</param>
internal sealed class ScalingState(ExecutorRange range, TimeSpan idleAfter, double busyMachine)
{
    /// <summary>How long those that were added last have to begin, before more are.</summary>
    public static readonly TimeSpan GrowInterval = TimeSpan.FromSeconds(1);

    private TimeSpan? _grew;
    private TimeSpan? _idleSince;

    /// <summary>How many it runs.</summary>
    public int Executors { get; private set; } = range.Min;

    /// <summary>Looks at what there is to do.</summary>
    /// <param name="waiting">Jobs that wait for an executor, of all pools that this node serves.</param>
    /// <param name="idle">Executors of those pools that have nothing to do.</param>
    /// <param name="load">How busy the machine is, from 0 to 1.</param>
    /// <param name="now">The time.</param>
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
