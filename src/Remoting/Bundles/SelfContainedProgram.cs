using System.Text.Json.Nodes;

namespace Actors.Remoting.Bundles;

/// <summary>
/// Converts a self-contained program to the form that a worker node runs. The node has its own runtime, so the runtime of the program is
/// left out, and the two JSON files declare the framework that they need.
/// </summary>
public sealed class SelfContainedProgram
{
    private const string RuntimePack = "runtimepack.";

    private readonly HashSet<string> _runtimeFiles = new(StringComparer.OrdinalIgnoreCase);

    private SelfContainedProgram(CodePaths own)
    {
        DepsFile = WithoutRuntime(JsonNode.Parse(File.ReadAllBytes(own.DepsFile))!.AsObject());
        RuntimeConfigFile = WithFrameworks(JsonNode.Parse(File.ReadAllBytes(own.RuntimeConfigFile))!.AsObject());
    }

    /// <summary>The converted dependency file.</summary>
    public byte[] DepsFile { get; }

    /// <summary>The converted runtime configuration.</summary>
    public byte[] RuntimeConfigFile { get; }

    public static SelfContainedProgram ReadProgram(CodePaths own) => new(own);

    /// <summary>Whether a file belongs to the runtime.</summary>
    public bool IsOfRuntime(string file) => _runtimeFiles.Contains(Path.GetFileName(file));

    private byte[] WithoutRuntime(JsonObject deps)
    {
        foreach (var (_, target) in deps["targets"]!.AsObject())
        {
            foreach (var (name, library) in target!.AsObject().ToList())
            {
                if (name.StartsWith(RuntimePack, StringComparison.Ordinal))
                {
                    AddRuntimeFiles(library!.AsObject());
                    target.AsObject().Remove(name);
                }
                else if (library!["dependencies"] is JsonObject dependencies)
                {
                    RemoveRuntime(dependencies);
                }
            }
        }

        RemoveRuntime(deps["libraries"]!.AsObject());
        return ToBytes(deps);
    }

    private void AddRuntimeFiles(JsonObject runtime)
    {
        foreach (var kind in new[] { "runtime", "native" })
        {
            foreach (var (file, _) in runtime[kind]?.AsObject() ?? [])
                _runtimeFiles.Add(Path.GetFileName(file));
        }
    }

    private static void RemoveRuntime(JsonObject names)
    {
        var runtime = names.Select(entry => entry.Key).Where(name => name.StartsWith(RuntimePack, StringComparison.Ordinal)).ToList();
        runtime.ForEach(name => names.Remove(name));
    }

    /// <summary>
    /// Declares the frameworks. Any patch version is accepted, because the runtime of the node may be older or newer than that of the
    /// program.
    /// </summary>
    private static byte[] WithFrameworks(JsonObject configuration)
    {
        var options = configuration["runtimeOptions"]!.AsObject();
        var frameworks = options["includedFrameworks"]!.AsArray();
        options.Remove("includedFrameworks");
        foreach (var framework in frameworks)
        {
            var version = Version.Parse(framework!["version"]!.GetValue<string>().Split('-')[0]);
            framework["version"] = $"{version.Major}.{version.Minor}.0";
        }

        options["frameworks"] = frameworks;
        return ToBytes(configuration);
    }

    private static byte[] ToBytes(JsonObject json) => System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
}
