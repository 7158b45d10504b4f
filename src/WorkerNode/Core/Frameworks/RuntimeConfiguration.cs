using System.Collections.Immutable;
using System.Text.Json;

namespace Actors.WorkerNode.Frameworks;

/// <summary>
/// Reads the frameworks that a program needs from its runtime configuration. Frameworks with unknown settings are left out: the .NET host
/// examines them when the worker starts.
/// </summary>
public static class RuntimeConfiguration
{
    /// <summary>The largest file that is read. A client can send any file.</summary>
    private const long MaxLength = 1 << 20;

    /// <summary>The longest name of a framework in characters.</summary>
    private const int MaxNameLength = 128;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Reads the frameworks. A self-contained program needs none.</summary>
    /// <param name="file">The path of the <c>runtimeconfig.json</c>.</param>
    /// <param name="rollForward">The variable <c>DOTNET_ROLL_FORWARD</c>, which has precedence over the file; null for none.</param>
    public static ImmutableArray<RequiredFramework> ReadFrameworks(string file, string? rollForward)
    {
        try
        {
            using var stream = File.OpenRead(file);
            if (stream.Length > MaxLength)
                return [];
            using var json = JsonDocument.Parse(stream, Options);
            return FindMember(json.RootElement, "runtimeOptions") is { } options ? ReadOptions(options, rollForward) : [];
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // InvalidOperationException: a text has half of a surrogate pair.
            return [];
        }
    }

    private static ImmutableArray<RequiredFramework> ReadOptions(JsonElement options, string? rollForward) =>
        [.. FindFrameworks(options).Select(framework => ReadFramework(framework, options, rollForward)).OfType<RequiredFramework>()];

    private static IEnumerable<JsonElement> FindFrameworks(JsonElement options)
    {
        if (FindMember(options, "framework") is { } single)
            yield return single;
        if (FindMember(options, "frameworks") is not { ValueKind: JsonValueKind.Array } several)
            yield break;
        foreach (var framework in several.EnumerateArray())
            yield return framework;
    }

    private static RequiredFramework? ReadFramework(JsonElement framework, JsonElement options, string? rollForward)
    {
        var isUnderstood = FrameworkVersion.TryParse(FindText(framework, "version") ?? "", out var version)
            & TryReadRollForward(rollForward ?? FindText(framework, "rollForward") ?? FindText(options, "rollForward"), out var range)
            & !HasOlderSettings(framework) & !HasOlderSettings(options);
        return isUnderstood && FindText(framework, "name") is { Length: > 0 and <= MaxNameLength } name
            ? new RequiredFramework(name, version!, range)
            : null;
    }

    private static bool TryReadRollForward(string? text, out RollForward value)
    {
        value = RollForward.Minor;
        return string.IsNullOrEmpty(text)
            || (char.IsAsciiLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value));
    }

    /// <summary>Whether the settings are those that <c>rollForward</c> has replaced.</summary>
    private static bool HasOlderSettings(JsonElement settings) =>
        FindMember(settings, "rollForwardOnNoCandidateFx") is not null || FindMember(settings, "applyPatches") is not null;

    private static string? FindText(JsonElement element, string name) =>
        FindMember(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? FindMember(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;
}
