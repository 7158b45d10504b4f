using Actors.Cluster.Tests.Programs;
using Akka.Actor;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>An actor system that cannot authenticate reaches no actor of a coordinator or node, and cannot join the cluster.</summary>
public sealed class PlainActorSystemTests
{
    private static readonly string[] Paths =
    [
        "/user/coordinator", "/user/*", "/user", "/system", "/system/cluster/core/daemon", "/system/sharding/durable-pools",
        "/system/distributedDataReplicator",
        "/system/remote-watcher", "/remote",
    ];

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Message_ThatIsMalformed_HarmsNoCoordinator()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await using var attacker = new PlainActorSystem();
        byte[] header = [0x01, 0x0c, 0, 0, 0, 0x80, 0, 0, 0, 0, 0x61, 0x61, 0x61, 0x61];

        foreach (var manifest in new[] { "n.drainnode", "p.open", "n.join", "p.find" })
            attacker.Send(cluster.Port, "/user/coordinator", new PlainActorSystem.RawMessage(manifest, header));

        Assert.False(await attacker.IsAnsweredAsync(cluster.Port, "/user/coordinator"));
        await cluster.AssertWorksAsync();
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Actors_OfACoordinator_AreNotReached()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await using var attacker = new PlainActorSystem();

        foreach (var path in Paths)
        {
            Assert.False(await attacker.IsAnsweredAsync(cluster.Port, path), path);
            attacker.Send(cluster.Port, path, PoisonPill.Instance);
            attacker.Send(cluster.Port, path, Kill.Instance);
        }

        await cluster.AssertWorksAsync();
    }

    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData("coordinator")]
    [InlineData("worker")]
    public async Task Join_OfAnyRole_IsRefused(string role)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await using var attacker = new PlainActorSystem("cluster", $"akka.cluster.roles = [\"{role}\"]");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));

        var joining = Akka.Cluster.Cluster.Get(attacker.System).JoinAsync(PlainActorSystem.AddressOf(cluster.Port), patience.Token);

        await Assert.ThrowsAnyAsync<Exception>(() => joining);
        await cluster.AssertWorksAsync();
    }
}
