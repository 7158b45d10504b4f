using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Configuration.Hocon;

namespace Actors.Chaos.Plans;

/// <summary>
/// Reads the keys of one object of a plan strictly: unknown keys, values of another form and values out of range are errors.
/// </summary>
/// <param name="source">The plan, for messages.</param>
/// <param name="path">The path of the object, for messages.</param>
/// <param name="values">The keys and values.</param>
/// <param name="entry">The index of the entry of the list of faults; null for an object outside of it.</param>
internal sealed partial class PlanSection(PlanSource source, string path, IReadOnlyDictionary<string, HoconValue> values, int? entry)
{
    private readonly HashSet<string> _read = [];

    /// <summary>Whether the object has a key.</summary>
    public bool HasKey(string key) => values.ContainsKey(key);

    /// <summary>Finds the value of a key; null if it is missing.</summary>
    public HoconValue? FindValue(string key)
    {
        _read.Add(key);
        return values.GetValueOrDefault(key);
    }

    /// <summary>Reads a text; null if the key is missing.</summary>
    public string? ReadText(string key) => FindValue(key) is not { } value ? null
        : value.IsString() ? value.GetString().Trim()
        : throw CreateError(key, "must be a text");

    /// <summary>Reads one of several names.</summary>
    public string ReadChoice(string key, string otherwise, params ReadOnlySpan<string> choices) =>
        ReadText(key) is not { } text ? otherwise
        : choices.Contains(text) ? text
        : throw CreateError(key, $"is '{text}', and must be one of: {string.Join(", ", choices!)}");

    /// <summary>Reads <c>on</c> or <c>off</c>.</summary>
    public bool ReadSwitch(string key, bool otherwise) => ReadChoice(key, otherwise ? "on" : "off", "on", "off") == "on";

    /// <summary>Reads a whole number in a range.</summary>
    public long ReadNumber(string key, long otherwise, long min, long max) =>
        ReadText(key) is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw CreateError(key, $"is '{text}', and must be a whole number from {min} to {max}");

    /// <summary>Reads a duration such as <c>500ms</c>, <c>10s</c> or <c>5m</c>; null if the key is missing.</summary>
    public TimeSpan? FindDuration(string key, TimeSpan min) =>
        ReadText(key) is not { } text ? null
        : ParseDuration(text) is { } duration && duration >= min && duration <= TimeSpan.FromDays(1)
            ? duration
            : throw CreateError(key, $"is '{text}', and must be a duration such as 500ms, 10s or 5m, from {FormatDuration(min)} to 24h");

    /// <summary>Reads a duration.</summary>
    public TimeSpan ReadDuration(string key, TimeSpan otherwise, TimeSpan min) => FindDuration(key, min) ?? otherwise;

    /// <summary>Reads an object below this one; null if it is missing.</summary>
    public PlanSection? FindSection(string key) => FindValue(key) is not { } value ? null
        : value.IsObject() ? new PlanSection(source, GetPath(key), value.GetObject().Items, entry)
        : throw CreateError(key, "must be an object in braces");

    /// <summary>Throws if the object has a key that was not read.</summary>
    public void RequireAllRead()
    {
        if (values.Keys.FirstOrDefault(key => !_read.Contains(key)) is not { } unknown)
            return;
        var keys = string.Join(", ", _read.Order(StringComparer.Ordinal));
        throw CreateError(unknown, $"is not a key of {(path.Length == 0 ? "a plan" : path)}; the keys are: {keys}");
    }

    /// <summary>Creates the error of a key.</summary>
    public ChaosPlanException CreateError(string key, string problem) => source.CreateError(GetPath(key), key, entry, problem);

    /// <summary>Parses a duration; null for another text.</summary>
    public static TimeSpan? ParseDuration(string? text)
    {
        var match = Duration().Match(text ?? "");
        if (!match.Success || !double.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var number) || number > 1e9)
            return null;
        return match.Groups[2].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromHours(number),
        };
    }

    private string GetPath(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string FormatDuration(TimeSpan duration) => duration < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0}s");

    [GeneratedRegex(@"^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$")]
    private static partial Regex Duration();
}

/// <summary>The file of a plan.</summary>
/// <param name="Name">The name of the file, for messages.</param>
/// <param name="Text">Its text.</param>
internal sealed record PlanSource(string Name, string Text)
{
    /// <summary>Creates the error of a key, with its line.</summary>
    public ChaosPlanException CreateError(string path, string key, int? entry, string problem) =>
        new(new PlanLines(Text).FindLine(key, entry) is { } line
            ? $"{Name}, line {line}: {path} {problem}."
            : $"{Name}: {path} {problem}.");
}
