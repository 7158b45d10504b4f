using System.Security.Authentication;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Actors.Remoting;
using Akka.Actor;

namespace Actors.Cluster.Tests;

/// <summary>A cluster with a key, to which programs without the key have no access.</summary>
public sealed class KeyTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public KeyTests() => File.WriteAllText(_file, "a good long secret\n");

    public void Dispose() => File.Delete(_file);

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Cluster_WithAKey_AcceptsOnlyItsHolders()
    {
        await using var cluster = new TestCluster();
        await cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--key-file", _file).SaysAsync("coordinator listens");
        var stranger = cluster.LaunchNode(1);
        await cluster.Run(
            "Actors.WorkerNode.dll", "--join", cluster.Address, "--processes", "1", "--cache", cluster.CacheOf(2), "--key-file", _file)
                .SaysAsync("joined");

        Assert.Equal(1, await stranger.ExitAsync());
        Assert.Contains("ACTORS_KEY_FILE", stranger.Errors, StringComparison.Ordinal);
        await Assert.ThrowsAsync<AuthenticationException>(() => ProcessPool.StartAsync(connect: cluster.Address));
        await Assert.ThrowsAsync<AuthenticationException>(() => Manager.ConnectAsync(cluster.Address, "another"u8.ToArray()));
        await using var manager = await Manager.ConnectAsync(cluster.Address, "a good long secret"u8.ToArray());
        var counter = await manager.CreateAsync(() => new Counter());
        Assert.Equal(3, await counter.CallAsync(c => c.Add(3)));

        // The key of a connection string.
        await using var pool = await ProcessPool.StartAsync(1, $"{cluster.Address};KeyFile={_file}");
        Assert.Equal(49, await pool.ApplyAsync(x => x * x, 7));
        await using var same = await Manager.StartAsync($"{cluster.Address};KeyFile={_file}");
        Assert.Equal(1, await (await same.CreateValueAsync(1)).GetAsync());
    }

    /// <summary>
    /// As in compose.quickstart.yml: a published port leads to another address than that at which programs find the coordinator.
    /// </summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_ListensOnAnotherAddress_IsFoundAtItsHost()
    {
        var key = Path.Combine(Builds.Root, "deploy/quickstart-key");
        await using var cluster = new TestCluster();
        await cluster.Run("Actors.Coordinator.dll", "--bind", "0.0.0.0", "--port", $"{cluster.Port}", "--insecure", "--key-file", key)
            .SaysAsync("coordinator is a member");
        await cluster.Run("Actors.WorkerNode.dll", "--join", cluster.Address, "--processes", "1", "--cache", cluster.CacheOf(1),
            "--key-file", key).SaysAsync("joined");

        await using var manager = await Manager.ConnectAsync(cluster.Address,
            System.Text.Encoding.UTF8.GetBytes((await File.ReadAllTextAsync(key)).Trim()));
        var counter = await manager.CreateAsync(() => new Counter());

        Assert.Equal(3, await counter.CallAsync(c => c.Add(3)));
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task NodeKey_AllowsNodesButNoCode()
    {
        var nodeFile = $"{_file}-node";
        await File.WriteAllTextAsync(nodeFile, "a secret of nodes\n");
        await using var cluster = new TestCluster();
        await cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--key-file", _file, "--node-key-file", nodeFile)
            .SaysAsync("coordinator listens");
        string[] join = ["--join", cluster.Address, "--processes", "1", "--cache", cluster.CacheOf(1), "--key-file"];
        var impostor = cluster.Run("Actors.WorkerNode.dll", [.. join, _file]);
        await cluster.Run("Actors.WorkerNode.dll", [.. join, nodeFile]).SaysAsync("joined");

        await Assert.ThrowsAsync<AuthenticationException>(() => Manager.ConnectAsync(cluster.Address, "a secret of nodes"u8.ToArray()));
        Assert.Equal(1, await impostor.ExitAsync());
        await using var manager = await Manager.ConnectAsync(cluster.Address, "a good long secret"u8.ToArray());
        var counter = await manager.CreateAsync(() => new Counter());
        Assert.Equal(3, await counter.CallAsync(c => c.Add(3)));
        File.Delete(nodeFile);
    }

    /// <summary>
    /// Actors of durable pools and queues accept messages from any program that finds them. Clients find them only through a coordinator.
    /// </summary>
    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Shards_OfACoordinator_AreReachedByNoClient()
    {
        await using var cluster = new TestCluster();
        await cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--store", $"{cluster.CacheOf(1)}.db")
            .SaysAsync("coordinator is a member");
        var client = ActorSystemStarter.Start(RoleConfiguration.CreateClient());
        var coordinator = Endpoints.SystemAddress(client, new HostPort("127.0.0.1", cluster.Port));
        var shards = new RootActorPath(coordinator) / "system" / "sharding";

        var found = new[] { "durable-pools", "durable-objects" }.Select(type => client.ActorSelection(shards / type)
            .Ask<ActorIdentity>(new Identify(1), Guard.Longest)).ToList();

        // On the same connection, after the earlier messages.
        Assert.NotNull((await client.ActorSelection(Endpoints.CoordinatorPath(coordinator))
            .Ask<ActorIdentity>(new Identify(2), Guard.Longest)).Subject);
        Assert.DoesNotContain(found, answer => answer.IsCompleted);
        await client.Terminate();
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task DurablePool_WhereNodesHaveAKeyOfTheirOwn_OpensForItsClients()
    {
        var nodeFile = $"{_file}-node";
        await File.WriteAllTextAsync(nodeFile, "a secret of nodes\n");
        await using var cluster = new TestCluster();
        await cluster.Run(
            "Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--store", $"{cluster.CacheOf(1)}.db", "--key-file", _file,
            "--node-key-file", nodeFile).SaysAsync("coordinator listens");
        await cluster.Run("Actors.WorkerNode.dll", "--join", cluster.Address, "--processes", "1", "--cache", cluster.CacheOf(2),
            "--key-file", nodeFile).SaysAsync("joined");

        await cluster.RunWith(new() { ["ACTORS_KEY_FILE"] = _file }, "Actors.Cluster.Tests.dll", cluster.Address, "durable")
            .SaysAsync("result 49");
        File.Delete(nodeFile);
    }

    private sealed class Counter
    {
        private int _total;

        public int Add(int amount) => _total += amount;
    }
}
