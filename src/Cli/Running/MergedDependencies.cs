using System.Reflection;
using System.Text.Json.Nodes;

namespace Actors.Cli.Running;

/// <summary>
/// The dependency file of a program, to which the files of the user's assembly are added. The later version of a file stays.
/// </summary>
/// <param name="program">The dependency file of the program.</param>
/// <param name="directory">The directory of the program.</param>
internal sealed class MergedDependencies(JsonObject program, string directory)
{
    private const string OwnPrefix = "Actors.";

    private readonly JsonObject _added = [];

    /// <summary>Adds a file, unless the program has it in the same or a later version.</summary>
    public bool TryAdd(ProgramAsset asset)
    {
        var own = Path.Combine(directory, asset.LocalPath);
        if (File.Exists(own))
        {
            // Files of this library fit only one another.
            if (asset.Kind != ProgramAsset.Runtime || asset.LocalPath.StartsWith(OwnPrefix, StringComparison.Ordinal)
                || VersionOf(asset.Source) <= VersionOf(own))
                return false;
            RemoveOwn(asset.LocalPath);
        }

        if (_added[asset.Kind] is not JsonObject kind)
            _added[asset.Kind] = kind = [];
        kind[asset.Key] = asset.Details.DeepClone();
        return true;
    }

    /// <summary>Creates the dependency file.</summary>
    /// <param name="name">The name of the assembly of the user.</param>
    public JsonObject ToJson(string name)
    {
        var merged = program.DeepClone().AsObject();
        var library = $"{name}.files/1.0.0";
        GetTarget(merged)[library] = _added.DeepClone();
        merged["libraries"]![library] = new JsonObject { ["type"] = "project", ["serviceable"] = false, ["sha512"] = "" };
        return merged;
    }

    private static JsonObject GetTarget(JsonObject deps) =>
        deps["targets"]![deps["runtimeTarget"]!["name"]!.GetValue<string>()]!.AsObject();

    private static Version? VersionOf(string file) => AssemblyName.GetAssemblyName(file).Version;

    private void RemoveOwn(string file)
    {
        foreach (var (_, library) in GetTarget(program))
        {
            if (library![ProgramAsset.Runtime] is not JsonObject assemblies)
                continue;
            foreach (var key in assemblies.Select(assembly => assembly.Key).Where(key => Path.GetFileName(key) == file).ToList())
                assemblies.Remove(key);
        }
    }
}
