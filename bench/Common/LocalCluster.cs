using System.Diagnostics;
using System.Globalization;

namespace Common;

/// <summary>A coordinator and worker nodes in separate processes. <see cref="Dispose"/> ends them and deletes their files.</summary>
internal sealed class LocalCluster : IDisposable
{
    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("bench-cluster-");
    private readonly List<Process> _nodes = [];
    private readonly Process _coordinator;

    /// <param name="port">The port of the coordinator.</param>
    /// <param name="nodes">The number of worker nodes.</param>
    /// <param name="processes">The number of workers of each node.</param>
    public LocalCluster(int port, int nodes, int processes)
    {
        _coordinator = Start("Coordinator", "coordinator listens", "--port", $"{port}");
        for (var i = 0; i < nodes; i++)
            _nodes.Add(Start("WorkerNode", "joined", "--join", $"127.0.0.1:{port}", "--processes", $"{processes}"));
    }

    public int Coordinator => _coordinator.Id;

    public IReadOnlyList<int> Nodes => [.. _nodes.Select(node => node.Id)];

    public IReadOnlyList<int> Executors() =>
    [
        .. Nodes.SelectMany(node => Directory.GetDirectories($"/proc/{node}/task"))
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
    ];

    /// <summary>Returns the root directory of the repository.</summary>
    public static string Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Actors.sln")))
            root = root.Parent!;
        return root.FullName;
    }

    public void Dispose()
    {
        foreach (var process in _nodes.Append(_coordinator))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        _cache.Delete(recursive: true);
    }

    private Process Start(string program, string ready, params string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        info.ArgumentList.Add(PathOf(program));
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        info.Environment["XDG_CACHE_HOME"] = _cache.FullName;
        var process = Process.Start(info)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(ready, StringComparison.Ordinal))
                return process;
        }

        throw new InvalidOperationException($"{program} ended during its start.");
    }

    private static string PathOf(string program)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(Root(), "src", program, "bin", own.Parent!.Name, own.Name, $"Actors.{program}.dll");
    }
}
