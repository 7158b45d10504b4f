using System.Text.Json.Nodes;

namespace Actors.Cli.Running;

/// <summary>A file of an assembly or a native library that a program needs.</summary>
/// <param name="Kind">The kind in a dependency file: runtime, resources, native or runtimeTargets.</param>
/// <param name="Key">The path in the dependency file.</param>
/// <param name="Source">The file.</param>
/// <param name="Details">The details in the dependency file.</param>
internal sealed record ProgramAsset(string Kind, string Key, string Source, JsonObject Details)
{
    /// <summary>The kind of assemblies.</summary>
    public const string Runtime = "runtime";

    /// <summary>The kind of translated texts.</summary>
    public const string Resources = "resources";

    /// <summary>The kind of files for one of several platforms.</summary>
    public const string RuntimeTargets = "runtimeTargets";

    /// <summary>The path in the directory of the program, as the host of the runtime finds it.</summary>
    public string LocalPath => Kind switch
    {
        RuntimeTargets => Key,
        Resources => Path.Combine(Path.GetFileName(Path.GetDirectoryName(Key))!, Path.GetFileName(Key)),
        _ => Path.GetFileName(Key),
    };
}
