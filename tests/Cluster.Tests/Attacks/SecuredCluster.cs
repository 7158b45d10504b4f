using Actors.Cluster.Tests.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>
/// A cluster as <c>docker-compose.yml</c> secures it: a certificate for each role, a key of clients and one of nodes. Two of three
/// coordinators run, so that the address of the third is free for an attacker.
/// </summary>
internal sealed class SecuredCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("keys-");
    private readonly List<ActorSystem> _attackers = [];
    private readonly IReadOnlyList<HostPort> _seeds;

    private SecuredCluster()
    {
        ClientKey = WriteKey("client-key");
        NodeKey = WriteKey("node-key");
        _seeds = [.. new[] { Programs.Port, Ports.FindFree(), Ports.FindFree() }.Select(port =>
            new HostPort("127.0.0.1", port))];
    }

    public TestCluster Programs { get; } = new();

    public TestCertificates Certificates { get; } = new();

    public string ClientKey { get; }

    public string NodeKey { get; }

    /// <summary>The coordinator that is attacked.</summary>
    public RoleProcess Coordinator { get; private set; } = null!;

    public HostPort CoordinatorAddress => _seeds[0];

    /// <summary>The address of a coordinator that does not run.</summary>
    public HostPort FreeSeed => _seeds[2];

    public RoleProcess Node { get; private set; } = null!;

    public HostPort NodeAddress { get; } = new("127.0.0.1", Ports.FindFree());

    public static async Task<SecuredCluster> StartAsync()
    {
        var cluster = new SecuredCluster();
        try
        {
            await cluster.StartProgramsAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Fails unless a client of this cluster gets the result of a job.</summary>
    public async Task AssertWorksAsync()
    {
        var client = Programs.RunWith(
            new() { ["ACTORS_TLS_DIRECTORY"] = Certificates.Make("client", role: "client"), ["ACTORS_KEY_FILE"] = ClientKey },
            "Actors.Cluster.Tests.dll", $"{_seeds[0]},{_seeds[1]}", "once");
        await client.SaysAsync("result 49", longest: Guard.LongestFailover);
        Assert.False(Coordinator.HasExited);
        Assert.False(Node.HasExited);
    }

    /// <summary>
    /// Starts an attacker's actor system with all parts of the cluster, for a connection of any role.
    /// </summary>
    /// <param name="certified">The role of its certificate.</param>
    /// <param name="claimed">The role that it claims.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="at">Its address; null for any.</param>
    /// <param name="more">Settings that win.</param>
    public ActorSystem StartAttacker(string certified, string claimed, LinkKeys keys, HostPort? at = null, string more = "")
    {
        var tls = TlsIdentity.ReadDirectory(Certificates.Make($"attacker-{certified}", role: certified));
        at ??= new HostPort("127.0.0.1", Ports.FindFree());
        var config = ConfigurationFactory.ParseString($"{LinkIdentity.RoleSetting} = {claimed}\n{more}")
            .WithFallback(RoleConfiguration.CreateCoordinator(at.Value, [CoordinatorAddress], null, isEncrypted: true))
            .WithFallback("akka.cluster.seed-nodes = []");
        var attacker = ActorSystemStarter.Start(config, new LinkIdentity(keys, tls, _seeds));
        _attackers.Add(attacker);
        return attacker;
    }

    /// <summary>The keys of a role.</summary>
    public LinkKeys KeysOf(string role) => role switch
    {
        "client" => new LinkKeys(AccessKey.ReadFile(ClientKey)),
        "node" => new LinkKeys(AccessKey.ReadFile(NodeKey)),
        _ => new LinkKeys(AccessKey.ReadFile(ClientKey), AccessKey.ReadFile(NodeKey)),
    };

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_attackers.Select(attacker => attacker.Terminate()));
        await Programs.DisposeAsync();
        Certificates.Dispose();
        _keys.Delete(recursive: true);
    }

    private async Task StartProgramsAsync()
    {
        var tls = Certificates.Make("coordinator", role: "coordinator");
        string[] secrets = ["--tls", tls, "--key-file", ClientKey, "--node-key-file", NodeKey];
        var store = Programs.CacheOf(7) + ".db";
        var coordinators = _seeds.Take(2).Select(seed => Programs.Run(
            "Actors.Coordinator.dll", ["--port", $"{seed.Port}", "--seeds", string.Join(',', _seeds), "--store", store, .. secrets]))
                .ToList();
        Coordinator = coordinators[0];
        await Task.WhenAll(coordinators.Select(coordinator =>
            coordinator.SaysAsync("coordinator is a member", longest: Guard.LongestFailover)));
        Node = Programs.Run(
            "Actors.WorkerNode.dll", "--join", $"{_seeds[0]},{_seeds[1]}", "--port", $"{NodeAddress.Port}", "--processes", "1",
            "--cache", Programs.CacheOf(1), "--tls", Certificates.Make("node", role: "node"), "--key-file", NodeKey);
        await Node.SaysAsync("joined", longest: Guard.LongestFailover);
    }

    private string WriteKey(string name)
    {
        var path = Path.Combine(_keys.FullName, name);
        File.WriteAllText(path, $"the secret {name}\n");
        return path;
    }
}
