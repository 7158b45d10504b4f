using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Messages.Storage;
using Actors.Programs;

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
    /// <exception cref="UnusableFileException">A file is missing, cannot be read, or is no assembly.</exception>
    /// <exception cref="StorageException">The temporary directory cannot be used.</exception>
    public static StagedProgram Create(FileInfo assembly)
    {
        var user = UserAssembly.Read(assembly);
        var staged = new StagedProgram(WriteTemporary(() => Directory.CreateTempSubdirectory("actors-run-")));
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
        using var from = UserAssembly.ReadFile(source, File.OpenRead);
        WriteFile(path, from);
    }

    private void WriteJson(string extension, JsonObject json)
    {
        using var from = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(json));
        WriteFile(Runner + extension, from);
    }

    /// <summary>Writes a file, or replaces one of the program by a later version of the user.</summary>
    private void WriteFile(string path, Stream content) => WriteTemporary(() =>
    {
        var target = Path.Combine(_directory.FullName, path);
        PrivateDirectory.Create(Path.GetDirectoryName(target)!);
        File.Delete(target);
        using var file = PrivateFile.Create(target);
        content.CopyTo(file);
        return target;
    });

    private static T WriteTemporary<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception exception) when (StorageDirectory.IsStorageError(exception))
        {
            throw StorageDirectory.Temporary.CreateException(exception, needed: 0);
        }
    }
}
