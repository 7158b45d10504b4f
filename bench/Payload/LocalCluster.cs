using System.Diagnostics;
using System.Globalization;

namespace Payload;

/// <summary>A coordinator and a worker node with two executors, each a process; they and what they keep on disk go with it.</summary>
internal sealed class LocalCluster : IDisposable
{
    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("bench-payload-");
    private readonly Process _coordinator;
    private readonly Process _node;

    public LocalCluster(int port)
    {
        _coordinator = Start("Coordinator", "coordinator listens", "--port", $"{port}");
        _node = Start("WorkerNode", "joined", "--join", $"127.0.0.1:{port}", "--processes", "2");
    }

    public int Coordinator => _coordinator.Id;

    public int Node => _node.Id;

    public IReadOnlyList<int> Executors() =>
    [
        .. Directory.GetDirectories($"/proc/{_node.Id}/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
    ];

    /// <summary>The largest memory that a process ever had resident.</summary>
    public static double PeakMebibytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    public void Dispose()
    {
        foreach (var process in new[] { _node, _coordinator })
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

        throw new InvalidOperationException($"{program} has ended.");
    }

    private static string PathOf(string program)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var root = own;
        while (!File.Exists(Path.Combine(root.FullName, "Actors.sln")))
            root = root.Parent!;
        return Path.Combine(root.FullName, "src", program, "bin", own.Parent!.Name, own.Name, $"Actors.{program}.dll");
    }
}
