using System.Text;

namespace Actors.Cluster.Tests.Programs;

/// <summary>
/// A coordinator and worker nodes as real processes, with their own directory for caches and temporary files. Disposing ends the processes
/// and removes the directory, and fails the test if anything is left.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ct-").FullName;
    private readonly List<RoleProcess> _programs = [];
    private readonly Supervisor _supervisor = new();
    private IReadOnlyList<int> _ports;
    private int _nodes;
    private string? _next;

    public TestCluster()
    {
        Port = Ports.FindFree();
        _ports = [Port];
        Directory.CreateDirectory(Temporary);
    }

    public int Port { get; }

    /// <summary>Whether each of its programs can be cut off from the others.</summary>
    internal bool CanBeCut { get; init; }

    /// <summary>Whether its programs run with a umask that takes no rights away.</summary>
    internal bool IsWithoutUmask { get; init; }

    /// <summary>The options of coordinators that name their store. Default: a SQLite file.</summary>
    internal string[] StoreOptions
    {
        get => field ?? ["--store", Path.Combine(_directory, "store.db")];
        init;
    }

    /// <summary>The value of <c>connect</c> for clients.</summary>
    public string Address => string.Join(',', _ports.Select(port => $"127.0.0.1:{port}"));

    /// <summary>The address of one coordinator, from 0.</summary>
    public string AddressOf(int coordinator) => $"127.0.0.1:{_ports[coordinator]}";

    private string Temporary => Path.Combine(_directory, "t");

    /// <summary>The output of all its programs, including ended ones.</summary>
    internal string Said
    {
        get
        {
            lock (_programs)
                return string.Join('\n', _programs.Select(program => $"== {program}\n{program.Log}"));
        }
    }

    private Dictionary<string, string> Environment => new()
    {
        ["TMPDIR"] = Temporary,
        ["XDG_CACHE_HOME"] = CoordinatorCache,
    };

    /// <summary>Starts a coordinator and nodes, and waits until they have joined.</summary>
    public static async Task<TestCluster> StartAsync(params int[] slots)
    {
        var cluster = new TestCluster();
        await cluster.StartWithAsync(slots);
        return cluster;
    }

    /// <summary>The cache of the user in the coordinators' environment.</summary>
    public string CoordinatorCache => Path.Combine(_directory, "cache");

    /// <summary>Gets the cache directory of the n-th node, from 1.</summary>
    public string CacheOf(int node) => Path.Combine(_directory, $"n{node}");

    /// <summary>Lists the processes of this cluster: its programs and their workers.</summary>
    public IReadOnlyList<int> Processes() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, out var id) ? id : 0).Where(id => id > 0 && IsOurs(id)),
    ];

    /// <summary>Lists the workers of all nodes.</summary>
    public IReadOnlyList<int> Executors() =>
        [.. Processes().Where(id => CommandLine(id).Contains("Actors.Executor.dll", StringComparison.Ordinal))];

    /// <summary>Lists the socket directories of nodes that were not removed.</summary>
    public IReadOnlyList<string> RunDirectories() => Directory.GetDirectories(Temporary, "actors-*");

    /// <summary>Lists all files and directories of its programs.</summary>
    public string[] FindFiles() =>
        [.. Directory.EnumerateFileSystemEntries(_directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>Lists the files of large arguments and results at coordinators and nodes.</summary>
    public IReadOnlyList<string> StoredPayloads() =>
    [
        .. Directory.GetDirectories(_directory, "payloads", SearchOption.AllDirectories).SelectMany(Directory.GetDirectories)
            .SelectMany(own => Directory.GetFiles(own, "*", SearchOption.AllDirectories)),
    ];

    /// <summary>Fails unless a client gets the results of its jobs.</summary>
    internal async Task AssertWorksAsync()
    {
        await using var pool = await ProcessPool.StartAsync(connect: Address).WaitAsync(Guard.Longest);
        var squares = await pool.MapAsync(x => x * x, [1, 2, 3]).WaitAsync(Guard.Longest);
        Assert.Equal([1, 4, 9], squares);
    }

    /// <summary>Waits for the job's result.</summary>
    internal Task<T> DoneAsync<T>(JobHandle<T> job) => DoneAsync(job.Task);

    /// <summary>Waits for a result. On a timeout or the loss of the coordinator, the failure contains the output of all programs.</summary>
    internal async Task<T> DoneAsync<T>(Task<T> task)
    {
        try
        {
            return await task.WaitAsync(Guard.LongestFailover);
        }
        catch (Exception exception) when (exception is TimeoutException or CoordinatorLostException)
        {
            throw new InvalidOperationException($"{exception.Message}\n{Said}", exception);
        }
    }

    /// <summary>
    /// Waits until the condition holds, even if a coordinator must be removed first. The failure contains the output of all programs.
    /// </summary>
    internal async Task UntilAsync(Func<bool> condition)
    {
        try
        {
            await Guard.UntilAsync(condition, Guard.LongestFailover);
        }
        catch (OperationCanceledException exception)
        {
            throw new InvalidOperationException($"It was waited for in vain.\n{Said}", exception);
        }
    }

    internal async Task StartWithAsync(params int[] slots)
    {
        await StartCoordinatorAsync();
        await Task.WhenAll(slots.Select(StartNodeAsync));
    }

    internal async Task<RoleProcess> StartCoordinatorAsync(bool withStore = false)
    {
        string[] store = withStore ? StoreOptions : [];
        var coordinator = Run("Actors.Coordinator.dll", ["--port", $"{Port}", .. store]);
        await coordinator.SaysAsync("coordinator listens");
        return coordinator;
    }

    /// <summary>Starts the coordinators of one cluster. <see cref="Address"/> names them all from then on.</summary>
    internal async Task<List<RoleProcess>> StartCoordinatorsAsync(int count)
    {
        _ports = [Port, .. Enumerable.Range(1, count - 1).Select(_ => Ports.FindFree())];
        var coordinators = Enumerable.Range(0, count).Select(index => LaunchCoordinator(index)).ToList();
        await Task.WhenAll(coordinators.Select(coordinator => coordinator.SaysAsync("coordinator is a member")));
        return coordinators;
    }

    /// <summary>Starts one of several coordinators, from 0.</summary>
    /// <param name="index">The index of the coordinator.</param>
    /// <param name="after">The coordinator that it replaces: it gets the same group.</param>
    internal RoleProcess LaunchCoordinator(int index, RoleProcess? after = null) => RunAs(
        after?.Group, [], "Actors.Coordinator.dll", ["--port", $"{_ports[index]}", "--seeds", Address, .. StoreOptions]);

    /// <summary>Starts coordinators and nodes with a store that permit chaos, and restarts each that ends.</summary>
    internal async Task StartPermittingChaosAsync(int coordinators, int nodes)
    {
        _ports = [Port, .. Enumerable.Range(1, coordinators - 1).Select(_ => Ports.FindFree())];
        var started = Enumerable.Range(0, coordinators).Select(index => _supervisor.Supervise(() => Run(
            "Actors.Coordinator.dll", ["--port", $"{_ports[index]}", "--seeds", Address, .. StoreOptions, "--allow-chaos"]))).ToList();
        await Task.WhenAll(started.Select(coordinator => coordinator.SaysAsync("coordinator is a member", longest: Guard.LongestFailover)));
        var joined = Enumerable.Range(1, nodes).Select(index => _supervisor.Supervise(() => Run(
            "Actors.WorkerNode.dll", "--join", Address, "--processes", "2", "--cache", CacheOf(index), "--allow-chaos"))).ToList();
        await Task.WhenAll(joined.Select(node => node.SaysAsync("joined", longest: Guard.LongestFailover)));
    }

    internal async Task<RoleProcess> StartNodeAsync(int slots)
    {
        var node = LaunchNode(slots);
        await node.SaysAsync("joined", longest: Guard.LongestFailover);
        return node;
    }

    /// <summary>Starts a node without waiting for it to join.</summary>
    /// <param name="slots">How many workers it runs.</param>
    /// <param name="cache">Its cache directory; null for one of its own.</param>
    internal RoleProcess LaunchNode(int slots, string? cache = null) => Run(
        "Actors.WorkerNode.dll", "--join", Address, "--processes", $"{slots}", "--cache", cache
            ?? CacheOf(Interlocked.Increment(ref _nodes)));

    /// <summary>Programs started from now on are of the next version.</summary>
    internal void Upgrade()
    {
        _next = Path.Combine(_directory, "next");
        Builds.MakeNextVersion(_next);
    }

    /// <summary>Runs one of the programs. It ends with the cluster at the latest.</summary>
    internal RoleProcess Run(string assembly, params string[] arguments) => RunWith([], assembly, arguments);

    /// <summary>Runs one of the programs with variables of its environment.</summary>
    internal RoleProcess RunWith(Dictionary<string, string> environment, string assembly, params string[] arguments) =>
        RunAs(null, environment, assembly, arguments);

    private RoleProcess RunAs(int? group, Dictionary<string, string> environment, string assembly, params string[] arguments)
    {
        var variables = Environment;
        foreach (var (name, value) in environment)
            variables[name] = value;
        string[] shell = IsWithoutUmask ? ["sh", "-c", "umask 000; exec \"$0\" \"$@\""] : [];
        var program = RoleProcess.Start(
            [.. shell, "dotnet", "exec", _next is null ? Builds.Find(assembly) : Path.Combine(_next, assembly), .. arguments], variables,
            CanBeCut ? group ?? Firewall.NewGroup() : null);
        lock (_programs)
            _programs.Add(program);
        return program;
    }

    /// <summary>Runs a script of this repository, which must end all its programs itself.</summary>
    internal RoleProcess RunScript(string script, params string[] arguments) => RunScript(script, [], arguments);

    /// <inheritdoc cref="RunScript(string, string[])"/>
    internal RoleProcess RunScript(string script, (string Name, string Value)[] more, params string[] arguments)
    {
        // Build servers end with the build.
        var environment = new Dictionary<string, string>(Environment)
        {
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        };
        foreach (var (name, value) in more)
            environment[name] = value;
        var program = RoleProcess.Start([Path.Combine(Builds.Root, script), .. arguments], environment);
        lock (_programs)
            _programs.Add(program);
        return program;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _supervisor.Dispose();
        foreach (var program in _programs)
            await program.DisposeAsync();
        try
        {
            await Guard.UntilAsync(() => Processes().Count == 0, TimeSpan.FromSeconds(10));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Left behind: {string.Join("; ", Processes().Select(CommandLine))}");
        }
        finally
        {
            foreach (var process in Processes())
                KillLeftOver(process);
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static void KillLeftOver(int process)
    {
        try
        {
            System.Diagnostics.Process.GetProcessById(process).Kill();
        }
        catch (ArgumentException)
        {
            // It has ended.
        }
    }

    private static string CommandLine(int process) => Read($"/proc/{process}/cmdline").Replace('\0', ' ');

    /// <summary>Whether a process has inherited the cluster's environment.</summary>
    private bool IsOurs(int process) => Read($"/proc/{process}/environ").Contains($"TMPDIR={Temporary}\0", StringComparison.Ordinal);

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
