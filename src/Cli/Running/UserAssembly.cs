using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Messages.Bundles;
using Actors.Programs;

namespace Actors.Cli.Running;

/// <summary>An assembly of the user, and the files that it needs.</summary>
internal sealed class UserAssembly
{
    private readonly string _directory;
    private readonly JsonObject? _deps;

    private UserAssembly(FileInfo file)
    {
        (_directory, Name) = (file.DirectoryName!, Path.GetFileNameWithoutExtension(file.Name));
        var files = new ProgramFiles(_directory, Name);
        _deps = ReadJson(files.DepsFile);
        RuntimeConfig = ReadJson(files.RuntimeConfigFile);
        if (RuntimeConfig?["runtimeOptions"]?["includedFrameworks"] is not null)
        {
            throw new UnusableFileException(
                $"{Name} is published with its own runtime. Publish it with --self-contained false, and pass that assembly.");
        }
    }

    /// <summary>The name of the assembly.</summary>
    public string Name { get; }

    /// <summary>Its runtime configuration; null for a library.</summary>
    public JsonObject? RuntimeConfig { get; }

    /// <summary>Reads the files beside an assembly.</summary>
    /// <exception cref="UnusableFileException">The file is missing, cannot be read, or is no assembly.</exception>
    public static UserAssembly Read(FileInfo file)
    {
        if (!file.Exists)
        {
            throw new UnusableFileException(
                $"There is no file {file.FullName}. Build the project, and pass the .dll file in its output directory.");
        }

        try
        {
            ReadFile(file.FullName, AssemblyName.GetAssemblyName);
            return new UserAssembly(file);
        }
        catch (Exception exception) when (exception is BadImageFormatException or JsonException
            or (InvalidOperationException and not UnusableFileException))
        {
            throw new UnusableFileException(
                $"{file.FullName} cannot be loaded as a .NET assembly: {exception.Message} Pass the .dll file of a build.", exception);
        }
    }

    /// <summary>Finds the files that it needs: those of its dependency file, or without one all assemblies beside it.</summary>
    /// <exception cref="UnusableFileException">A file is missing or cannot be read.</exception>
    public IEnumerable<ProgramAsset> FindAssets() => _deps is null
        ? Directory.EnumerateFiles(_directory, "*.dll").Where(IsAssembly)
            .Select(file => new ProgramAsset(ProgramAsset.Runtime, Path.GetFileName(file), file, []))
        : FindListedAssets(_deps);

    /// <summary>Reads a file.</summary>
    /// <exception cref="UnusableFileException">It cannot be read.</exception>
    public static T ReadFile<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnusableFileException($"The file {path} cannot be read: {exception.Message}", exception);
        }
    }

    private IEnumerable<ProgramAsset> FindListedAssets(JsonObject deps)
    {
        var target = deps["runtimeTarget"]?["name"]?.GetValue<string>() is { } name && deps["targets"]?[name] is JsonObject listed
            ? listed
            : throw new UnusableFileException($"{Name}.deps.json lists no files. Build the project again.");
        return from library in target
               from kind in (string[])[ProgramAsset.Runtime, ProgramAsset.Resources, "native", ProgramAsset.RuntimeTargets]
               from asset in library.Value?[kind]?.AsObject() ?? []
               let draft = new ProgramAsset(kind, asset.Key, "", asset.Value?.DeepClone().AsObject() ?? [])
               where !draft.Key.EndsWith("/_._", StringComparison.Ordinal)
               select draft with { Source = FindFile(RequireInside(draft), FindPackage(deps, library.Key)) };
    }

    /// <summary>
    /// Refuses a path that leads out of its directory: a file of the user elsewhere would be replaced, or sent to the cluster.
    /// </summary>
    private ProgramAsset RequireInside(ProgramAsset asset) =>
        BundlePath.IsValid(asset.Key) ? asset : throw CreateRefusal(asset.Key);

    private string? FindPackage(JsonObject deps, string library)
    {
        var path = deps["libraries"]?[library]?["path"]?.GetValue<string>();
        return path is null || BundlePath.IsValid(path) ? path : throw CreateRefusal(path);
    }

    private UnusableFileException CreateRefusal(string path) => new(
        $"{Name}.deps.json names the file or package '{path}', which is not a path below a directory. Build the project again.");

    /// <summary>Finds a file beside the assembly. The build of a library leaves its packages in the folder of all packages.</summary>
    private string FindFile(ProgramAsset asset, string? package)
    {
        var beside = Path.Combine(_directory, asset.LocalPath);
        if (File.Exists(beside))
            return beside;
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return package is not null && Path.Combine(packages, package, asset.Key) is var inPackage && File.Exists(inPackage)
            ? inPackage
            : throw new UnusableFileException(
                $"{Name} needs {asset.LocalPath}, and it is not beside it. Run dotnet publish, and pass the published assembly.");
    }

    private static bool IsAssembly(string file)
    {
        try
        {
            ReadFile(file, AssemblyName.GetAssemblyName);
            return true;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }

    private static JsonObject? ReadJson(string path) =>
        File.Exists(path) ? JsonNode.Parse(ReadFile(path, File.ReadAllText))?.AsObject() : null;
}
