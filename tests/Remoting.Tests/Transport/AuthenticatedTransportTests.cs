using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Actors.Remoting.Connecting;
using Actors.Remoting.Transport;
using Actors.Testing;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote;

namespace Actors.Remoting.Tests.Transport;

/// <summary>Real actor systems on loopback, with right and wrong keys and certificates.</summary>
public sealed class AuthenticatedTransportTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly HostPort Any = new("127.0.0.1", 0);
    private static readonly AccessKey Clients = AccessKey.FromBytes("of clients"u8.ToArray())!;
    private static readonly AccessKey Nodes = AccessKey.FromBytes("of nodes"u8.ToArray())!;

    /// <summary>The path of the actor of a durable pool.</summary>
    private static readonly string[] PoolPath = ["system", "sharding", "durable-pools", "5", $"{PoolId.FromName("pool")}"];

    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Task.WhenAll(_systems.Select(system => system.Terminate()));

    [Fact]
    public async Task Connect_SameKey_IsAnswered()
    {
        var at = StartCoordinator(new LinkKeys(Clients, Nodes));

        Assert.Equal(8, await AskAsync(StartClient(new LinkKeys(Clients)), at));
        Assert.Equal(8, await AskAsync(StartNode(new LinkKeys(Nodes)), at));
    }

    [Fact]
    public async Task Connect_WithoutKeys_UsesTheKeyOfTheUser() =>
        Assert.Equal(8, await AskAsync(StartClient(new LinkKeys(null)), StartCoordinator(new LinkKeys(null))));

    [Theory]
    [InlineData("another", "it has another key.")]
    [InlineData("nodes", "it has another key.")]
    [InlineData("none", "it requires a key, and this program has none")]
    [InlineData("none", ";KeyFile=FILE in a connection string")]
    [InlineData("other user", "it requires a key, and this program has none")]
    public async Task Connect_WrongKey_IsRefusedWithTheReason(string kind, string reason)
    {
        var at = StartCoordinator(new LinkKeys(Clients, Nodes));
        var client = StartClient(new LinkKeys(kind switch
        {
            "another" => AccessKey.FromBytes(Encoding.UTF8.GetBytes(kind)),
            "nodes" => Nodes,
            "none" => null,
            _ => AccessKey.FromUserKey("of another user"u8),
        }));

        Assert.Contains(reason, (await RefusalAsync(client, at)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_AsAnotherUser_IsRefusedWithTheReason()
    {
        var at = StartCoordinator(new LinkKeys(AccessKey.FromUserKey("of one user"u8)));

        var refusal = await RefusalAsync(StartClient(new LinkKeys(AccessKey.FromUserKey("of another user"u8))), at);

        var exception = Assert.IsType<System.Security.Authentication.AuthenticationException>(refusal.ToException(at));
        Assert.Contains("Access denied", exception.Message, StringComparison.Ordinal);
        Assert.Contains("another user of this machine", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ClientToClient_IsRefused()
    {
        var at = ActorSystemStarter.GetAddress(StartClient(new LinkKeys(Clients)));

        Assert.Equal(LinkRefusalCode.Role, (await RefusalAsync(StartClient(new LinkKeys(Clients)), at)).Code);
    }

    [Fact]
    public async Task Connect_CoordinatorThatIsNoSeed_IsRefused()
    {
        var at = StartCoordinator(new LinkKeys(Clients, Nodes));
        var stranger = Start(RoleConfiguration.CreateCoordinator(Any, [Any], null),
            new LinkIdentity(new LinkKeys(Clients, Nodes), null, []));

        Assert.Equal(LinkRefusalCode.Address, (await RefusalAsync(stranger, at)).Code);
    }

    /// <summary>Without certificates, all clients have the key that coordinators prove to them.</summary>
    [Fact]
    public async Task Connect_HolderOfTheKeyAsCoordinator_IsRefusedByClientsAndNodes()
    {
        var stranger = StartStranger(Any);

        foreach (var peer in new[] { StartClient(new LinkKeys(Clients)), StartNode(new LinkKeys(Clients)) })
            Assert.Equal(LinkRefusalCode.Address, (await RefusalAsync(stranger, ActorSystemStarter.GetAddress(peer))).Code);
    }

    [Fact]
    public async Task Connect_HolderOfTheKeyAtTheAddressOfACoordinator_IsRefusedByClients()
    {
        var at = StartCoordinator(new LinkKeys(Clients));
        var client = StartClient(new LinkKeys(Clients), at);

        var refusal = await RefusalAsync(StartStranger(at), ActorSystemStarter.GetAddress(client));

        Assert.Equal(LinkRefusalCode.Address, refusal.Code);
        Assert.Contains("another program", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_KnownCoordinatorToAClient_IsAccepted()
    {
        var at = StartCoordinator(new LinkKeys(Clients));
        var coordinator = _systems[^1];
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var client = StartClient(new LinkKeys(Clients), at);
        client.ActorOf(Props.Create(() => new Receiving(received)), Endpoints.CoordinatorName);

        var address = Endpoints.SystemAddress(coordinator, ActorSystemStarter.GetAddress(client));
        coordinator.ActorSelection(Endpoints.CoordinatorPath(address)).Tell(new CoordinatorProtocol.Handshake(8));

        await received.Task.WaitAsync(Patience);
    }

    /// <summary>The address of a durable pool is no secret: the role of the connection alone protects it.</summary>
    [Fact]
    public async Task DurablePool_Open_IsDeliveredFromClientsOnly()
    {
        var at = StartCoordinator(new LinkKeys(Clients, Nodes));
        var (client, node, stranger) =
            (StartClient(new LinkKeys(Clients)), StartNode(new LinkKeys(Nodes)), StartClient(new LinkKeys(Nodes)));
        var (ofClient, ofNode, ofStranger) = (OpenPoolAsync(client, at), OpenPoolAsync(node, at), OpenPoolAsync(stranger, at));

        Assert.False((await ofClient.WaitAsync(Patience)).IsClosed);
        // Messages of one connection keep their order: an answer to the earlier message would have arrived before this one.
        Assert.Equal(8, await AskAsync(node, at));
        Assert.Equal(LinkRefusalCode.Key, (await RefusalAsync(stranger, at)).Code);
        Assert.False(ofNode.IsCompleted);
        Assert.False(ofStranger.IsCompleted);
    }

    /// <summary>
    /// The first frame can arrive together with the end of the TLS handshake. In one of ten connections, its answer stayed in a buffer.
    /// </summary>
    [Fact]
    public async Task Connect_Encrypted_IsAnsweredEveryTime()
    {
        using var certificates = new TestCertificates();
        var at = StartCoordinator(new LinkKeys(Clients), TlsIdentity.ReadDirectory(certificates.Make("coordinator", role: "coordinator")));
        var identity = new LinkIdentity(new LinkKeys(Clients), TlsIdentity.ReadDirectory(certificates.Make("client", role: "client")), []);

        for (var i = 0; i < 40; i++)
        {
            var client = ActorSystemStarter.Start(RoleConfiguration.CreateClient(), identity);
            var clock = Stopwatch.StartNew();
            Assert.Equal(8, await AskAsync(client, at));
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, LinkLimits.GetHandshakeTimeout(RoleConfiguration.CreateClient()));
            await client.Terminate();
        }
    }

    /// <summary>
    /// The framework answers for a peer that cannot be reached. That answer was refused before, and the next attempt came only after a
    /// timeout.
    /// </summary>
    [Fact]
    public async Task Identify_UnreachableCoordinator_IsAnsweredAtOnce()
    {
        var client = StartClient(new LinkKeys(Clients));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closed = new HostPort("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        listener.Stop();
        var coordinator = ((ExtendedActorSystem)client)
            .Provider.ResolveActorRef(Endpoints.CoordinatorPath(Endpoints.SystemAddress(client, closed)));

        Assert.IsType<Nobody>((await PeerAsk.AskAsync<ActorIdentity>(coordinator, new Identify(null), Patience)).Subject);
    }

    /// <summary>The framework does this when, after a reset, the acknowledgments of death watch contradict each other.</summary>
    [Fact]
    public async Task Quarantine_OfARunningCoordinator_IsReportedAtTheNextMessage()
    {
        var at = StartCoordinator(new LinkKeys(Clients));
        var client = StartClient(new LinkKeys(Clients));
        var reported = new TaskCompletionSource<Address>();
        client.ActorOf(Props.Create(() => new QuarantineReader(reported)));
        Assert.Equal(8, await AskAsync(client, at));
        var address = Endpoints.SystemAddress(client, at);

        ((IRemoteActorRefProvider)((ExtendedActorSystem)client).Provider).Quarantine(address, AddressUidExtension.Uid(_systems[0]));
        client.ActorSelection(Endpoints.CoordinatorPath(address)).Tell(new CoordinatorProtocol.Handshake(8));

        Assert.Equal(address, await reported.Task.WaitAsync(Patience));
    }

    /// <returns>The version in the answer.</returns>
    private static async Task<int> AskAsync(ActorSystem from, HostPort at) =>
        (await from.ActorSelection(Endpoints.CoordinatorPath(Endpoints.SystemAddress(from, at))).Ask<CoordinatorProtocol.HandshakeReply>(
            new CoordinatorProtocol.Handshake(8), Patience)).Version;

    private static Task<PoolProtocol.PoolOpened> OpenPoolAsync(ActorSystem from, HostPort at)
    {
        var spec = new PoolSpec(1, BundleId.ThisProcess, null, default, 0, 0, 0, 60_000, Name: "pool", IsDurable: true);
        var pool = new RootActorPath(Endpoints.SystemAddress(from, at)) / PoolPath;
        return from.ActorSelection(pool).Ask<PoolProtocol.PoolOpened>(new PoolProtocol.OpenPool(PoolId.FromName("pool"), spec));
    }

    private static async Task<LinkRefusal> RefusalAsync(ActorSystem from, HostPort at)
    {
        from.ActorSelection(Endpoints.CoordinatorPath(Endpoints.SystemAddress(from, at))).Tell(new CoordinatorProtocol.Handshake(8));
        return await LinkIdentity.GetIdentity(from).Refusals.WhenRefused(at).WaitAsync(Patience);
    }

    private HostPort StartCoordinator(LinkKeys keys, TlsIdentity? tls = null)
    {
        var system = Start(RoleConfiguration.CreateCoordinator(Any, [Any], null), new LinkIdentity(keys, tls, []));
        system.ActorOf(Props.Create<Answering>(), Endpoints.CoordinatorName);
        var below = PoolPath[2..];
        ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new Parent(below)), PoolPath[1]);
        return ActorSystemStarter.GetAddress(system);
    }

    private ActorSystem StartClient(LinkKeys keys, params HostPort[] coordinators) =>
        Start(RoleConfiguration.CreateClient(), new LinkIdentity(keys, null, coordinators));

    /// <summary>Starts a program that has the clients' key, and claims to be the coordinator at an address.</summary>
    private ActorSystem StartStranger(HostPort claimed)
    {
        var listening = RoleConfiguration.CreateCoordinator(Any, [Any], null);
        var config = claimed == Any
            ? listening
            : ConfigurationFactory.ParseString(
                $"akka.remote.dot-netty.tcp {{ public-hostname = \"{claimed.Host}\", public-port = {claimed.Port} }}")
                .WithFallback(listening);
        return Start(config, new LinkIdentity(new LinkKeys(Clients), null, []));
    }

    private ActorSystem StartNode(LinkKeys keys) => Start(RoleConfiguration.CreateWorkerNode(Any, null), new LinkIdentity(keys, null, []));

    private ActorSystem Start(Akka.Configuration.Config config, LinkIdentity identity)
    {
        var system = ActorSystemStarter.Start(config, identity);
        _systems.Add(system);
        return system;
    }

    private sealed class Answering : ReceiveActor
    {
        public Answering()
        {
            Receive<CoordinatorProtocol.Handshake>(hello => Sender.Tell(new CoordinatorProtocol.HandshakeReply(hello.Version, "", "")));
            Receive<PoolProtocol.OpenPool>(open => Sender.Tell(new PoolProtocol.PoolOpened(open.Pool, default, false)));
        }
    }

    private sealed class QuarantineReader : ReceiveActor
    {
        public QuarantineReader(TaskCompletionSource<Address> reported)
        {
            Context.ActorOf(Props.Create(() => new QuarantineWatchActor()));
            Receive<QuarantineWatchActor.CoordinatorQuarantined>(quarantined => reported.TrySetResult(quarantined.Address));
        }
    }

    private sealed class Receiving : ReceiveActor
    {
        public Receiving(TaskCompletionSource received) => Receive<CoordinatorProtocol.Handshake>(_ => received.TrySetResult());
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent(string[] below)
        {
            var rest = below[1..];
            Context.ActorOf(rest.Length == 0 ? Props.Create<Answering>() : Props.Create(() => new Parent(rest)), below[0]);
        }
    }
}
