using System.Globalization;

namespace Actors.Faults.Tests.Loads;

/// <summary>The step of a call that a <see cref="HistoryFile"/> records.</summary>
internal enum HistoryStep
{
    /// <summary>A call on a value, dictionary or list begins. A: its number; B: the action; C and D: its arguments; E: the key.</summary>
    Begin,

    /// <summary>Such a call has returned. A: its number; B: 1 if it succeeded; C: the result.</summary>
    End,

    /// <summary>A put begins. A: the item's number.</summary>
    Put,

    /// <summary>A put has returned. A: the item's number.</summary>
    PutDone,

    /// <summary>A get begins. A: its number.</summary>
    Get,

    /// <summary>A get has returned an item. A: the number of the get; B: the producer; C: the item's number.</summary>
    Got,

    /// <summary>A get has returned nothing. A: its number.</summary>
    GotNone,

    /// <summary>A lock or permit was received. A: the fencing token, or 0.</summary>
    Acquired,

    /// <summary>A lock or permit is about to be released.</summary>
    Releasing,

    /// <summary>A party arrives at a barrier.</summary>
    Arrived,

    /// <summary>A party has passed a barrier. A: its index.</summary>
    Passed,

    /// <summary>The run has ended by itself. The last step of a run whose process lives.</summary>
    Finished,
}

/// <summary>A step of a call in a process.</summary>
/// <param name="At">The time, by the monotonic clock of the machine.</param>
/// <param name="Run">The run of a function that made the call.</param>
/// <param name="Step">The step.</param>
/// <param name="Object">The object.</param>
/// <param name="Values">The values that <see cref="HistoryStep"/> describes; null for an absent one.</param>
internal sealed record HistoryEvent(long At, long Run, HistoryStep Step, string Object, long?[] Values)
{
    private const string Absent = "-";
    private const string LineEnd = ".";

    public long A => Values[0] ?? 0;

    public long B => Values[1] ?? 0;

    public long? C => Values.ElementAtOrDefault(2);

    public long? D => Values.ElementAtOrDefault(3);

    public long? E => Values.ElementAtOrDefault(4);

    /// <summary>Formats it as a line.</summary>
    public string ToLine() => string.Join(
        ' ',
        [
            $"{At}", $"{Run}", $"{(int)Step}", Object,
            .. Values.Select(value => value?.ToString(CultureInfo.InvariantCulture) ?? Absent), LineEnd,
        ]);

    /// <summary>Parses a line; null for one that was cut off by the end of its process.</summary>
    public static HistoryEvent? TryParse(string line)
    {
        var parts = line.Split(' ');
        return parts is [.., LineEnd]
            ? new HistoryEvent(
                ParseNumber(parts[0]), ParseNumber(parts[1]), (HistoryStep)ParseNumber(parts[2]), parts[3],
                [.. parts[4..^1].Select(part => part == Absent ? (long?)null : ParseNumber(part))])
            : null;
    }

    private static long ParseNumber(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
