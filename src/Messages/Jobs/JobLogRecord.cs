using System.Collections.Immutable;
using Actors.Messages.Values;
using Microsoft.Extensions.Logging;

namespace Actors.Messages.Jobs;

/// <summary>A log record of a job: an event of an <see cref="ILogger"/>, with everything as text.</summary>
/// <param name="Level">The level.</param>
/// <param name="Category">The category of the logger.</param>
/// <param name="EventId">The number of the event.</param>
/// <param name="EventName">The name of the event; null for none.</param>
/// <param name="Message">The message.</param>
/// <param name="Exception">The exception with its stack trace; null for none.</param>
/// <param name="Values">The structured values.</param>
public sealed record JobLogRecord(
    LogLevel Level, string Category, int EventId, string? EventName, string Message, string? Exception,
    ImmutableArray<KeyValuePair<string, string?>> Values)
{
    /// <summary>The longest message and the longest text of an exception in characters.</summary>
    public const int LongestText = 8192;

    /// <summary>The most structured values of a record, and of all its scopes together.</summary>
    public const int MaxValues = 32;

    /// <summary>The longest category, name of an event and name of a value in characters.</summary>
    private const int LongestName = 256;

    /// <summary>The size of the other members and the lengths in bytes: an upper bound.</summary>
    private const int Overhead = 32;

    /// <summary>The least encoded bytes of a record.</summary>
    private const int LeastBytes = 11;

    /// <summary>The scopes that the job had begun, the outermost first.</summary>
    public ImmutableArray<JobLogScope> Scopes { get; init; } = [];

    /// <summary>The size of the texts in characters, with an upper bound for the rest.</summary>
    public int Size => Overhead + Category.Length + (EventName?.Length ?? 0) + Message.Length + (Exception?.Length ?? 0)
        + JobLogScope.MeasureValues(Values) + Scopes.Sum(static scope => scope.Size);

    /// <summary>Creates the record of an event. Texts that are too long are cut, with a marker.</summary>
    public static JobLogRecord FromEvent<TState>(
        LogLevel level, string category, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        new(
            level, CutName(category) ?? "", eventId.Id, CutName(eventId.Name), CutText(formatter(state, exception)) ?? "",
            CutText(exception?.ToString()), JobLogScope.ToValues(state, MaxValues));

    /// <summary>Writes records.</summary>
    public static void WriteAll(ref ValueWriter writer, IReadOnlyCollection<JobLogRecord> records)
    {
        writer.WriteLength(records.Count);
        foreach (var record in records)
            record.WriteTo(ref writer);
    }

    /// <summary>Reads records.</summary>
    /// <exception cref="InvalidDataException">The bytes are malformed.</exception>
    public static ImmutableArray<JobLogRecord> ReadAll(ref ValueReader reader)
    {
        var records = ImmutableArray.CreateBuilder<JobLogRecord>();
        for (var left = reader.ReadLength(LeastBytes); left > 0; left--)
            records.Add(ReadFrom(ref reader));
        return records.DrainToImmutable();
    }

    private void WriteTo(ref ValueWriter writer)
    {
        writer.WriteRaw((byte)Level);
        writer.WriteString(Category);
        writer.WriteRaw(EventId);
        writer.WriteString(EventName);
        writer.WriteString(Message);
        writer.WriteString(Exception);
        JobLogScope.WriteValues(ref writer, Values);
        JobLogScope.WriteAll(ref writer, Scopes);
    }

    private static JobLogRecord ReadFrom(ref ValueReader reader)
    {
        var level = (LogLevel)reader.ReadRaw<byte>();
        if (level is < LogLevel.Trace or >= LogLevel.None)
            throw new InvalidDataException($"A log record has the level {level}.");
        return new JobLogRecord(
            level, reader.ReadString() ?? "", reader.ReadRaw<int>(), reader.ReadString(), reader.ReadString() ?? "", reader.ReadString(),
            JobLogScope.ReadValues(ref reader))
        { Scopes = JobLogScope.ReadAll(ref reader) };
    }

    private static string? CutText(string? text) => FailureLimits.CutText(text, LongestText);

    private static string? CutName(string? name) => FailureLimits.CutText(name, LongestName);
}
