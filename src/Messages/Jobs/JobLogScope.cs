using System.Collections.Immutable;
using System.Globalization;
using Actors.Messages.Values;

namespace Actors.Messages.Jobs;

/// <summary>A scope that a job has begun with an <c>ILogger</c>, with everything as text.</summary>
/// <param name="Message">The text of the scope.</param>
/// <param name="Values">Its structured values.</param>
public sealed record JobLogScope(string Message, ImmutableArray<KeyValuePair<string, string?>> Values)
{
    /// <summary>The longest text of a scope and of a structured value in characters.</summary>
    public const int LongestText = 1024;

    /// <summary>The longest name of a value in characters.</summary>
    private const int LongestName = 256;

    /// <summary>The least encoded bytes of a scope, and of a value.</summary>
    private const int LeastBytes = 2;

    /// <summary>The size of the lengths in bytes: an upper bound.</summary>
    private const int Overhead = 32;

    /// <summary>The size of the texts in characters, with an upper bound for the rest.</summary>
    public int Size => Overhead + Message.Length + MeasureValues(Values);

    /// <summary>Creates the scope of a state. Texts that are too long are cut, with a marker.</summary>
    /// <param name="state">The state.</param>
    /// <param name="maxValues">The most structured values.</param>
    public static JobLogScope FromState(object? state, int maxValues) => new(ToText(state) ?? "", ToValues(state, maxValues));

    /// <summary>Gets the first structured values of the state of a record or scope; none if it has none.</summary>
    public static ImmutableArray<KeyValuePair<string, string?>> ToValues(object? state, int maxValues) =>
        state is IEnumerable<KeyValuePair<string, object?>> values
            ? [.. values.Take(maxValues).Select(static value => KeyValuePair.Create(
                FailureLimits.CutText(value.Key, LongestName) ?? "", ToText(value.Value)))]
            : [];

    /// <summary>Measures structured values in characters, with an upper bound for the rest.</summary>
    public static int MeasureValues(ImmutableArray<KeyValuePair<string, string?>> values) =>
        values.Sum(static value => Overhead + value.Key.Length + (value.Value?.Length ?? 0));

    /// <summary>Writes structured values.</summary>
    public static void WriteValues(ref ValueWriter writer, ImmutableArray<KeyValuePair<string, string?>> values)
    {
        writer.WriteLength(values.Length);
        foreach (var (key, value) in values)
        {
            writer.WriteString(key);
            writer.WriteString(value);
        }
    }

    /// <summary>Reads structured values.</summary>
    /// <exception cref="InvalidDataException">The bytes are malformed.</exception>
    public static ImmutableArray<KeyValuePair<string, string?>> ReadValues(ref ValueReader reader)
    {
        var values = ImmutableArray.CreateBuilder<KeyValuePair<string, string?>>();
        for (var left = reader.ReadLength(LeastBytes); left > 0; left--)
            values.Add(KeyValuePair.Create(reader.ReadString() ?? "", reader.ReadString()));
        return values.DrainToImmutable();
    }

    /// <summary>Writes scopes.</summary>
    public static void WriteAll(ref ValueWriter writer, ImmutableArray<JobLogScope> scopes)
    {
        writer.WriteLength(scopes.Length);
        foreach (var scope in scopes)
        {
            writer.WriteString(scope.Message);
            WriteValues(ref writer, scope.Values);
        }
    }

    /// <summary>Reads scopes.</summary>
    /// <exception cref="InvalidDataException">The bytes are malformed.</exception>
    public static ImmutableArray<JobLogScope> ReadAll(ref ValueReader reader)
    {
        var scopes = ImmutableArray.CreateBuilder<JobLogScope>();
        var count = reader.ReadLength(LeastBytes);
        if (count > JobLogScopes.MaxScopes)
            throw new InvalidDataException($"A log record has {count} scopes, more than {JobLogScopes.MaxScopes}.");
        for (var left = count; left > 0; left--)
            scopes.Add(new JobLogScope(reader.ReadString() ?? "", ReadValues(ref reader)));
        return scopes.DrainToImmutable();
    }

    private static string? ToText(object? value) =>
        FailureLimits.CutText(Convert.ToString(value, CultureInfo.InvariantCulture), LongestText);
}
