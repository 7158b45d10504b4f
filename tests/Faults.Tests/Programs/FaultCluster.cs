using System.Globalization;
using System.Text;

namespace Actors.Faults.Tests.Programs;

/// <summary>
/// Coordinators and worker nodes as supervised processes. Disposing kills them, and fails the test if a process is left.
/// </summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("fc-");
    private readonly ClusterPlan _plan;
    private readonly string[] _addresses;

    private FaultCluster(ClusterPlan plan)
    {
        _plan = plan;
        _addresses = [.. Enumerable.Range(0, plan.Coordinators).Select(index => $"{HostOf(index) ?? "127.0.0.1"}:{Ports.FindFree()}")];
        Directory.CreateDirectory(Temporary);
        Directory.CreateDirectory(Records);
        Directory.CreateDirectory(SharedMemory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The value of <c>connect</c> for clients.</summary>
    public string Address => string.Join(',', _addresses);

    public IReadOnlyList<SupervisedProgram> Coordinators { get; private set; } = [];

    public IReadOnlyList<SupervisedProgram> Nodes { get; private set; } = [];

    public IEnumerable<SupervisedProgram> Programs => Coordinators.Concat(Nodes);

    /// <summary>The directory in which jobs record their runs.</summary>
    public string Records => Path.Combine(_directory.FullName, "records");

    /// <summary>The output of all programs and their earlier runs.</summary>
    public string Log => string.Join('\n', Programs.Select(program => program.Log));

    private string SharedMemory => Path.Combine(_directory.FullName, "shm");

    private string Temporary => Path.Combine(_directory.FullName, "t");

    /// <summary>Starts the programs, and waits until the coordinators have formed a cluster and the nodes have joined.</summary>
    public static async Task<FaultCluster> StartAsync(ClusterPlan? plan = null)
    {
        var cluster = new FaultCluster(plan ?? new ClusterPlan());
        try
        {
            cluster.Coordinators = [.. cluster._addresses.Select((_, index) => cluster.StartCoordinator(index))];
            await Task.WhenAll(cluster.Coordinators.Select(coordinator => coordinator.UntilReadyAsync()));
            cluster.Nodes = [.. Enumerable.Range(0, cluster._plan.Nodes).Select(cluster.StartNode)];
            await Task.WhenAll(cluster.Nodes.Select(node => node.UntilReadyAsync()));
            return cluster;
        }
        catch (Exception exception)
        {
            var log = cluster.Log;
            await cluster.DisposeAsync();
            throw new InvalidOperationException($"The cluster has not started: {exception.Message}\n{log}", exception);
        }
    }

    /// <summary>Opens a durable pool that waits for the cluster as long as a test may take.</summary>
    public Task<ProcessPool> OpenDurablePoolAsync(string name = "pool") => ProcessPool.StartAsync(
        connect: Address, options: new PoolOptions { DurableName = name, ReconnectFor = TimeSpan.FromMinutes(5) });

    /// <summary>Opens a pool that is not durable.</summary>
    public Task<ProcessPool> OpenPoolAsync() =>
        ProcessPool.StartAsync(connect: Address, options: new PoolOptions { ReconnectFor = TimeSpan.FromMinutes(5) });

    /// <summary>Finds the coordinator that owns a durable pool: the last one that printed so.</summary>
    public SupervisedProgram OwnerOf(string name)
    {
        var line = $"durable pool '{name}': runs here";
        return Coordinators.Where(coordinator => coordinator.Current.Output.Contains(line, StringComparison.Ordinal))
            .MaxBy(coordinator => coordinator.Current.LastSaid(line))
            ?? throw new InvalidOperationException($"No coordinator owns the durable pool '{name}'.\n{Log}");
    }

    /// <summary>Adds the output of all programs to the failure of a test.</summary>
    public async Task ExplainFailureAsync(Func<Task> testAsync)
    {
        try
        {
            await testAsync();
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.Message}\n{Log}", exception);
        }
    }

    /// <summary>Waits until a coordinator prints a line with this text, a number of times in all.</summary>
    public async Task UntilSaidAsync(string text, int times = 1)
    {
        try
        {
            await Guard.UntilAsync(() => CountLines(text) >= times, Guard.LongestFailover);
        }
        catch (OperationCanceledException exception)
        {
            throw new InvalidOperationException($"No program has said '{text}'.\n{Log}", exception);
        }
    }

    /// <summary>Counts the lines with this text that programs have printed.</summary>
    public int CountLines(string text) => Log.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Gets the address of one coordinator.</summary>
    public string AddressOf(SupervisedProgram coordinator) => _addresses[Coordinators.ToList().IndexOf(coordinator)];

    /// <summary>Lists the workers of a node.</summary>
    public static IReadOnlyList<int> WorkersOf(SupervisedProgram node) =>
    [
        .. Directory.GetDirectories($"/proc/{node.Current.Id}/task")
            .SelectMany(thread => Read(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
    ];

    /// <summary>Counts the files of all programs, including those of shared memory.</summary>
    public int CountFiles() => Directory.EnumerateFiles(_directory.FullName, "*", SearchOption.AllDirectories).Count();

    /// <summary>Lists the processes of this cluster: its programs and their workers.</summary>
    public IReadOnlyList<int> Processes() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, out var id) ? id : 0).Where(id => id > 0 && IsOurs(id)),
    ];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var program in Programs)
            await program.DisposeAsync();
        try
        {
            await Guard.UntilAsync(() => Processes().Count == 0);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Left behind: {string.Join("; ", Processes().Select(id => Read($"/proc/{id}/cmdline").Replace('\0', ' ')))}");
        }
        finally
        {
            _directory.Delete(recursive: true);
        }
    }

    private SupervisedProgram StartCoordinator(int index) => new($"coordinator {index + 1}", () => Start(
        index, [], "Actors.Coordinator.dll", ["--port", _addresses[index].Split(':')[1], "--seeds", Address, .. StoreArguments()],
        _plan.CoordinatorEnvironment), "coordinator is a member");

    private SupervisedProgram StartNode(int index) => new($"node {index + 1}", () => Start(
        _plan.Coordinators + index, index == 0 ? _plan.FirstNodePrefix : [], "Actors.WorkerNode.dll",
        [
            "--join", Address, "--processes", $"{_plan.WorkersPerNode}",
            "--cache", Path.Combine((index == 0 ? _plan.FirstNodeCache : null) ?? _directory.FullName, $"n{index}"),
        ],
        index == 0 ? _plan.NodeEnvironment.Concat(_plan.FirstNodeEnvironment) : _plan.NodeEnvironment), "joined");

    /// <summary>Returns the address of a program's machine; null for loopback.</summary>
    private string? HostOf(int program) => _plan.Network?.AddressOf(program + 1);

    private string[] StoreArguments() => _plan.PostgresFile is { } file
        ? ["--postgres-file", file]
        : ["--store", Path.Combine(_plan.StoreDirectory ?? _directory.FullName, "store.db")];

    private RoleProcess Start(
        int program, IReadOnlyList<string> prefix, string assembly, string[] arguments,
        IEnumerable<KeyValuePair<string, string>> environment)
    {
        var variables = new Dictionary<string, string>
        {
            ["TMPDIR"] = Temporary,
            ["XDG_CACHE_HOME"] = Path.Combine(_directory.FullName, "cache"),
            ["ACTORS_SHARED_MEMORY_DIRECTORY"] = SharedMemory,
            ["ACTORS_FAULT_CLUSTER"] = _directory.FullName,
        };
        foreach (var (name, value) in environment)
            variables[name] = value;
        string[] machine = _plan.Network is { } network ? network.RunOn(program + 1) : [];
        string[] host = HostOf(program) is { } address ? ["--host", address, "--insecure"] : [];
        return RoleProcess.Start([.. machine, .. prefix, "dotnet", "exec", Builds.Find(assembly), .. arguments, .. host], variables);
    }

    /// <summary>Whether a process has inherited the cluster's environment.</summary>
    private bool IsOurs(int process) =>
        Read($"/proc/{process}/environ").Contains($"ACTORS_FAULT_CLUSTER={_directory.FullName}\0", StringComparison.Ordinal);

    private static string Read(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
