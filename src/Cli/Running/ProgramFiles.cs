namespace Actors.Cli.Running;

/// <summary>The files of a program.</summary>
/// <param name="DirectoryPath">Their directory.</param>
/// <param name="Name">The name of the program.</param>
internal sealed record ProgramFiles(string DirectoryPath, string Name)
{
    /// <summary>The dependency file.</summary>
    public string DepsFile => Path.Combine(DirectoryPath, $"{Name}.deps.json");

    /// <summary>The runtime configuration.</summary>
    public string RuntimeConfigFile => Path.Combine(DirectoryPath, $"{Name}.runtimeconfig.json");

    /// <summary>The program of its workers.</summary>
    public string ExecutorAssembly => Path.Combine(DirectoryPath, "Actors.Executor.dll");

    /// <summary>Whether the program can start workers by itself.</summary>
    public bool CanStartWorkers => File.Exists(DepsFile) && File.Exists(RuntimeConfigFile) && File.Exists(ExecutorAssembly);
}
