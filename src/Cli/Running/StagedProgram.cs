using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Messages.Storage;

namespace Actors.Cli.Running;

/// <summary>
/// The program of the commands <c>run</c> and <c>bundle</c> together with an assembly of the user, in a temporary directory: a complete
/// program, whose code can travel. Dispose it after the end of the program.
/// </summary>
internal sealed class StagedProgram : IDisposable
{
    private const string Runner = "Actors.Runner";
    private const string DepsExtension = ".deps.json";
    private const string RuntimeConfigExtension = ".runtimeconfig.json";

    private readonly DirectoryInfo _directory;

    private StagedProgram(DirectoryInfo directory) => _directory = directory;

    /// <summary>The program's assembly.</summary>
    public string AssemblyPath => Path.Combine(_directory.FullName, $"{Runner}.dll");

    /// <summary>The program beside the assembly of the user.</summary>
    public ProgramFiles Files => new(_directory.FullName, Runner);

    /// <summary>Copies the files.</summary>
    /// <param name="assembly">The assembly of the user.</param>
    /// <exception cref="InvalidOperationException">A file is missing, or is no assembly.</exception>
    /// <exception cref="IOException">The temporary directory cannot be used.</exception>
    public static StagedProgram Create(FileInfo assembly)
    {
        var user = UserAssembly.Read(assembly);
        var staged = new StagedProgram(Directory.CreateTempSubdirectory("actors-run-"));
        try
        {
            staged.CopyFiles(user);
            return staged;
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Delete(recursive: true);

    private void CopyFiles(UserAssembly user)
    {
        PrivateDirectory.Create(_directory.FullName);
        foreach (var file in Directory.EnumerateFiles(JobProgram.DirectoryPath))
            CopyFile(file, Path.GetFileName(file));
        var deps = new MergedDependencies(ReadRunner(DepsExtension), JobProgram.DirectoryPath);
        foreach (var asset in user.FindAssets())
        {
            if (deps.TryAdd(asset))
                CopyFile(asset.Source, asset.LocalPath);
        }

        WriteJson(DepsExtension, deps.ToJson(user.Name));
        WriteJson(RuntimeConfigExtension, MergedRuntimeConfig.Merge(ReadRunner(RuntimeConfigExtension), user.RuntimeConfig));
    }

    private static JsonObject ReadRunner(string extension) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(JobProgram.DirectoryPath, Runner + extension)))!.AsObject();

    private void CopyFile(string source, string path)
    {
        using var from = File.OpenRead(source);
        using var to = CreateFile(path);
        from.CopyTo(to);
    }

    private void WriteJson(string extension, JsonObject json)
    {
        using var file = CreateFile(Runner + extension);
        file.Write(JsonSerializer.SerializeToUtf8Bytes(json));
    }

    /// <summary>Creates a file, or replaces one of the program by a later version of the user.</summary>
    private FileStream CreateFile(string path)
    {
        var target = Path.Combine(_directory.FullName, path);
        PrivateDirectory.Create(Path.GetDirectoryName(target)!);
        File.Delete(target);
        return PrivateFile.Create(target);
    }
}
