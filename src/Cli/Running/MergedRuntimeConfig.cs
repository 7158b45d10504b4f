using System.Text.Json.Nodes;

namespace Actors.Cli.Running;

/// <summary>Merges the runtime configurations of two programs.</summary>
internal static class MergedRuntimeConfig
{
    private const string Options = "runtimeOptions";
    private const string Properties = "configProperties";

    /// <summary>Merges two configurations: the frameworks of both, each in the later version, and the properties of the user's.</summary>
    /// <param name="program">The configuration of the program.</param>
    /// <param name="user">The configuration of the user's program; null for none.</param>
    public static JsonObject Merge(JsonObject program, JsonObject? user)
    {
        var merged = program.DeepClone().AsObject();
        if (user?[Options] is not JsonObject ofUser)
            return merged;
        var options = merged[Options]!.AsObject();
        var frameworks = GetFrameworks(options).Concat(GetFrameworks(ofUser)).GroupBy(framework => framework.Name)
            .Select(same => same.MaxBy(framework => Version.TryParse(framework.Version.Split('-')[0], out var version) ? version : null))
            .Select(framework => (JsonNode)new JsonObject { ["name"] = framework.Name, ["version"] = framework.Version });
        options.Remove("framework");
        options["frameworks"] = new JsonArray([.. frameworks]);
        foreach (var (name, value) in ofUser[Properties]?.AsObject() ?? [])
        {
            if (options[Properties] is not JsonObject properties)
                options[Properties] = properties = [];
            properties[name] = value?.DeepClone();
        }

        return merged;
    }

    private static IEnumerable<(string Name, string Version)> GetFrameworks(JsonObject options) =>
        (options["frameworks"]?.AsArray() ?? []).Append(options["framework"]).OfType<JsonObject>()
            .Where(framework => framework["name"] is not null && framework["version"] is not null)
            .Select(framework => (framework["name"]!.GetValue<string>(), framework["version"]!.GetValue<string>()));
}
