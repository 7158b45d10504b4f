using System.Reflection;
using System.Threading.Channels;
using Actors.Cluster.Tests.Programs;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>An attacker with the certificate and key of a node or client, against cluster membership and other programs.</summary>
public sealed class RoleCertificateTests
{
    private const string Daemon = "/system/cluster/core/daemon";

    private static readonly TimeSpan LongestJoin = TimeSpan.FromSeconds(8);

    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData("node")]
    [InlineData("client")]
    public async Task Membership_ForAnotherRole_IsRefused(string role)
    {
        await using var cluster = await SecuredCluster.StartAsync();
        var attacker = cluster.StartAttacker(role, role, cluster.KeysOf(role));
        var membership = Akka.Cluster.Cluster.Get(attacker);
        using var timeout = new CancellationTokenSource(LongestJoin);

        await Assert.ThrowsAnyAsync<Exception>(() => membership.JoinAsync(AddressOf(attacker, cluster.CoordinatorAddress), timeout.Token));

        Assert.Empty(membership.State.Members);
        await AssertRefusedMessageAsync(cluster, role);
        await cluster.AssertWorksAsync();
    }

    /// <summary>These Akka.NET messages would end a coordinator if they arrived.</summary>
    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData("node", "ClusterUserAction+Down")]
    [InlineData("node", "ClusterUserAction+Leave")]
    [InlineData("client", "ClusterUserAction+Down")]
    [InlineData("client", "ClusterUserAction+Leave")]
    public async Task Coordinator_DownedByAnotherRole_Continues(string role, string message)
    {
        await using var cluster = await SecuredCluster.StartAsync();
        var attacker = cluster.StartAttacker(role, role, cluster.KeysOf(role));
        var coordinator = AddressOf(attacker, cluster.CoordinatorAddress);

        attacker.ActorSelection(new RootActorPath(coordinator) + Daemon).Tell(OfFramework(message, coordinator));

        await AssertRefusedMessageAsync(cluster, role);
        await cluster.AssertWorksAsync();
    }

    /// <summary>The attacker has both keys. Only its certificate has another role.</summary>
    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData("node")]
    [InlineData("client")]
    public async Task Coordinator_WithACertificateOfAnotherRole_IsNoMember(string certified)
    {
        await using var cluster = await SecuredCluster.StartAsync();
        var attacker = cluster.StartAttacker(certified, "coordinator", cluster.KeysOf("coordinator"), cluster.FreeSeed);
        var membership = Akka.Cluster.Cluster.Get(attacker);
        using var timeout = new CancellationTokenSource(LongestJoin);

        await Assert.ThrowsAnyAsync<Exception>(() => membership.JoinAsync(AddressOf(attacker, cluster.CoordinatorAddress), timeout.Token));

        var refusal = await LinkIdentity.GetIdentity(attacker).Refusals.WhenRefused(cluster.CoordinatorAddress).WaitAsync(Guard.Longest);
        Assert.Equal(LinkRefusalCode.Role, refusal.Code);
        Assert.Empty(membership.State.Members);
        await cluster.AssertWorksAsync();
    }

    /// <summary>Otherwise messages for the node would reach the attacker, and the session of the node would end.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Address_OfAConnectedNode_IsNotTaken()
    {
        await using var cluster = await SecuredCluster.StartAsync();
        var attacker = cluster.StartAttacker(
            "node", "node", cluster.KeysOf("node"), new HostPort("127.0.0.2", cluster.NodeAddress.Port),
            "akka.remote.dot-netty.tcp.public-hostname = \"127.0.0.1\"");

        var coordinator = new RootActorPath(AddressOf(attacker, cluster.CoordinatorAddress)) / "user" / "coordinator";
        attacker.ActorSelection(coordinator).Tell(new Identify(1));

        var refusal = await LinkIdentity.GetIdentity(attacker).Refusals.WhenRefused(cluster.CoordinatorAddress).WaitAsync(Guard.Longest);
        Assert.Equal(LinkRefusalCode.Address, refusal.Code);
        await cluster.AssertWorksAsync();
    }

    /// <summary>A system reports a quarantine to the quarantined system, which would end a member of the cluster.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Quarantine_ByANode_AffectsNoOther()
    {
        await using var cluster = await SecuredCluster.StartAsync();
        var attacker = cluster.StartAttacker("node", "node", cluster.KeysOf("node"));
        var provider = (Akka.Remote.RemoteActorRefProvider)((ExtendedActorSystem)attacker).Provider;
        var coordinator = AddressOf(attacker, cluster.CoordinatorAddress);
        var entry = new RootActorPath(coordinator) / "user" / "coordinator";
        await attacker.ActorSelection(entry).Ask<ActorIdentity>(new Identify(1), Guard.Longest);

        provider.Quarantine(coordinator, null);
        provider.Quarantine(AddressOf(attacker, cluster.NodeAddress), 1);

        await cluster.AssertWorksAsync();
    }

    /// <summary>The node knows the address of the pool, and sends the message that gives a pool to another client.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task DurablePool_OpenedByANode_StaysWithItsClient()
    {
        await using var cluster = await SecuredCluster.StartAsync();
        var client = cluster.StartAttacker("client", "client", cluster.KeysOf("client"));
        var node = cluster.StartAttacker("node", "node", cluster.KeysOf("node"));
        var answers = Channel.CreateUnbounded<object>();
        var owner = client.ActorOf(Props.Create(() => new Receiver(answers.Writer)));
        var open = new PoolProtocol.OpenPool(
            PoolId.FromName("pool"), new PoolSpec(1, BundleId.ThisProcess, null, default, 0, 0, 0, 60_000, Name: "pool", IsDurable: true));
        var path = await FindAsync(client, AddressOf(client, cluster.CoordinatorAddress), open.Pool);
        client.ActorSelection(path).Tell(open, owner);
        await ReadAsync<PoolProtocol.PoolOpened>(answers.Reader);

        node.ActorSelection(path).Tell(open, node.ActorOf(Props.Create(() => new Receiver(Channel.CreateUnbounded<object>().Writer))));

        await AssertRefusedMessageAsync(cluster, "node");
        client.ActorSelection(path).Tell(new PoolProtocol.QueryJob(new JobId(1)), owner);
        await ReadAsync<PoolProtocol.QueryJobReply>(answers.Reader);
        await cluster.AssertWorksAsync();
    }

    /// <summary>Waits for an answer of the pool. A refusal would mean that another program has opened it.</summary>
    private static async Task<T> ReadAsync<T>(ChannelReader<object> answers)
    {
        while (true)
        {
            var answer = await answers.ReadAsync().AsTask().WaitAsync(Guard.Longest);
            Assert.IsNotType<PoolProtocol.PoolRefused>(answer);
            if (answer is T expected)
                return expected;
        }
    }

    private static async Task<string> FindAsync(ActorSystem client, Address coordinator, PoolId pool)
    {
        var welcome = await client.ActorSelection(Endpoints.CoordinatorPath(coordinator)).Ask<CoordinatorProtocol.HandshakeReply>(
            new CoordinatorProtocol.Handshake(CoordinatorProtocol.Version), Guard.Longest);
        var found = await client.ActorSelection(Endpoints.CoordinatorPath(coordinator, welcome.Name)).Ask<PoolProtocol.PoolFound>(
            new PoolProtocol.FindPool(pool), Guard.Longest);
        return found.Path;
    }

    private static Address AddressOf(ActorSystem attacker, HostPort at) => Endpoints.SystemAddress(attacker, at);

    private static object OfFramework(string type, Address address) => Activator.CreateInstance(
        typeof(Akka.Cluster.Cluster).Assembly.GetType($"Akka.Cluster.{type}", throwOnError: true)!,
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [address], null)!;

    /// <summary>Checks that the message arrived and was refused.</summary>
    private static Task AssertRefusedMessageAsync(SecuredCluster cluster, string role) => Guard.UntilAsync(
        () => cluster.Coordinator.Errors.Contains($"Refused a message of the {role}", StringComparison.OrdinalIgnoreCase));

    private sealed class Receiver : ReceiveActor
    {
        public Receiver(ChannelWriter<object> messages) => ReceiveAny(message => messages.TryWrite(message));
    }
}
