using System.Text.RegularExpressions;

namespace Actors.Chaos.Plans;

/// <summary>The names of actions in plans, such as <c>kill-worker</c>.</summary>
internal static partial class ChaosActions
{
    private static readonly Dictionary<string, ChaosAction> ByName =
        Enum.GetValues<ChaosAction>().ToDictionary(GetName, StringComparer.Ordinal);

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Finds an action; null for an unknown name.</summary>
    public static ChaosAction? FindAction(string name) => ByName.TryGetValue(name, out var action) ? action : null;

    /// <summary>Gets the name of an action.</summary>
    public static string GetName(ChaosAction action) =>
        WordStart().Replace(action.ToString(), match => $"-{match.Value}").TrimStart('-').ToLowerInvariant();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex WordStart();
}
