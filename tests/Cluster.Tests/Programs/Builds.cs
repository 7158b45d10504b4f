namespace Actors.Cluster.Tests.Programs;

/// <summary>The directories of the built programs.</summary>
internal static class Builds
{
    /// <summary>The assembly of the tool <c>actors</c>.</summary>
    public const string Tool = "Actors.Cli.dll";

    /// <summary>The assembly of the client that <c>EndToEnd.Tests</c> starts too.</summary>
    public const string TestClient = "Actors.EndToEnd.Client.dll";

    /// <summary>The assembly of a store that is not part of this library.</summary>
    public const string OwnStore = "OwnStore.dll";

    /// <summary>The root of the source tree.</summary>
    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Finds a program: in its own output directory, or beside this assembly.</summary>
    public static string Find(string assembly) => Path.Combine(
        assembly switch
        {
            "Actors.Coordinator.dll" => Output("src/Coordinator"),
            "Actors.WorkerNode.dll" => Output("src/WorkerNode"),
            Tool => Output("src/Cli"),
            TestClient => Output("tests/EndToEnd.Client"),
            OwnStore => Output("tests/OwnStore"),
            "Batch.dll" => Output("samples/Batch"),
            _ => AppContext.BaseDirectory,
        },
        assembly);

    /// <summary>Builds programs of the next version, with other contracts, in a directory.</summary>
    public static void MakeNextVersion(string directory)
    {
        Directory.CreateDirectory(directory);
        string[] outputs = [AppContext.BaseDirectory, Output("src/WorkerNode"), Output("src/Coordinator")];
        foreach (var file in outputs.SelectMany(Directory.EnumerateFiles))
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)), overwrite: true);
        var runtimes = Path.Combine(Output("src/Coordinator"), "runtimes");
        foreach (var runtime in Directory.EnumerateFiles(runtimes, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(directory, Path.GetRelativePath(Output("src/Coordinator"), runtime));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(runtime, copy);
        }

        var messages = Path.Combine(Output("tests/NextVersion"), "Actors.Messages.dll");
        File.Copy(messages, Path.Combine(directory, "Actors.Messages.dll"), overwrite: true);
    }

    /// <summary>Copies this assembly as another build of the program: its files differ.</summary>
    /// <returns>The path of the assembly.</returns>
    public static string MakeNewBuild(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        File.AppendAllText(Path.Combine(directory, "Actors.Cluster.Tests.deps.json"), "\n");
        return Path.Combine(directory, "Actors.Cluster.Tests.dll");
    }

    private static string Output(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(Root, project, "bin", own.Parent!.Name, own.Name);
    }

    private static string FindRoot(DirectoryInfo from) =>
        File.Exists(Path.Combine(from.FullName, "Actors.sln")) ? from.FullName : FindRoot(from.Parent!);
}
