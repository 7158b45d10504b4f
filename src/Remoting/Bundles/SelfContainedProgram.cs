using System.Text.Json.Nodes;

namespace Actors.Remoting.Bundles;

/// <summary>
/// The running program, which is self-contained, in the form that a worker node runs: the node has a runtime of its own, so that the
/// program's stays behind, and the program's two JSON files say that it needs one.
/// </summary>
internal sealed class SelfContainedProgram
{
    private const string RuntimePack = "runtimepack.";

    private readonly HashSet<string> _runtimeFiles = new(StringComparer.OrdinalIgnoreCase);

    private SelfContainedProgram(CodePaths own)
    {
        DepsFile = WithoutRuntime(JsonNode.Parse(File.ReadAllBytes(own.DepsFile))!.AsObject());
        RuntimeConfigFile = WithFrameworks(JsonNode.Parse(File.ReadAllBytes(own.RuntimeConfigFile))!.AsObject());
    }

    /// <summary>What goes in the place of the dependency file.</summary>
    public byte[] DepsFile { get; }

    /// <summary>What goes in the place of the runtime configuration.</summary>
    public byte[] RuntimeConfigFile { get; }

    public static SelfContainedProgram ReadProgram(CodePaths own) => new(own);

    /// <summary>Whether a file is the runtime's.</summary>
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

    /// <summary>The node's runtime may be of another patch than the program's, in either direction.</summary>
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
