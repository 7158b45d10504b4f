using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Actors.Cluster.Tests.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Cluster.Tests;

/// <summary>
/// Foreign connections to the ports of coordinators and nodes, which are actor systems of this process. A real peer connects afterwards.
/// </summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A length above that of any message.</summary>
    private static readonly byte[] HugeLength = [0x7F, 0xFF, 0xFF, 0x7F, 1, 2, 3];

    private readonly TestCertificates _own = new();
    private readonly TestCertificates _foreign = new();
    private readonly List<ActorSystem> _systems = [];

    /// <summary>The address of the coordinator that connects to a node. A node without certificates must know it.</summary>
    private readonly HostPort _peer = new("127.0.0.1", Ports.FindFree());

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_systems.Select(system => system.Terminate()));
        _own.Dispose();
        _foreign.Dispose();
    }

    [Theory(Timeout = Guard.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EncryptedConnection_OfAStranger_IsClosed(bool isCoordinator)
    {
        var tls = TlsIdentity.ReadDirectory(_own.Make("own"));
        var at = Start(isCoordinator, tls);

        Assert.True(await IsClosedAsync(at, null, []), "without a certificate");
        Assert.True(await IsClosedAsync(at, CertificateIn(_foreign.Make("foreign")), []), "of another authority");
        Assert.True(await IsClosedAsync(at, CertificateIn(_own.Make("over", days: -1)), []), "over");
        Assert.True(await IsClosedAsync(at, CertificateIn(_own.Make("for-servers", isForServersOnly: true)), []), "for servers");
        await SendAsync(at, RandomNumberGenerator.GetBytes(5000));
        await RequireReachableAsync(at, tls, isCoordinator);
    }

    /// <summary>The certificate determines the role of a peer, regardless of its keys.</summary>
    [Theory(Timeout = Guard.Milliseconds)]
    [InlineData("client", true)]
    [InlineData("node", false)]
    [InlineData("coordinator", false)]
    [InlineData(null, false)]
    public async Task EncryptedConnection_OfAClient_NeedsAClientCertificate(string? role, bool isAnswered)
    {
        var at = Start(isCoordinator: true, TlsIdentity.ReadDirectory(_own.Make("coordinator", role: "coordinator")));
        var identity = new LinkIdentity(new LinkKeys(null), TlsIdentity.ReadDirectory(_own.Make("peer", role: role)), []);
        var peer = ActorSystemStarter.Start(RoleConfiguration.CreateClient(), identity);
        _systems.Add(peer);

        var found = FindAsync(peer, at);
        if (isAnswered)
            await found.WaitAsync(Guard.Longest);
        else
            Assert.Equal(LinkRefusalCode.Role, (await identity.Refusals.WhenRefused(at).WaitAsync(Guard.Longest)).Code);
    }

    [Theory(Timeout = Guard.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EncryptedConnection_WithAHugeLength_IsClosed(bool isCoordinator)
    {
        var tls = TlsIdentity.ReadDirectory(_own.Make("own"));
        var at = Start(isCoordinator, tls);

        Assert.True(await IsClosedAsync(at, tls!.Certificate, HugeLength));
        await RequireReachableAsync(at, tls, isCoordinator);
    }

    [Theory(Timeout = Guard.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PlainConnection_RandomBytes_AreIgnored(bool isCoordinator)
    {
        var at = Start(isCoordinator, null);

        await SendAsync(at, RandomNumberGenerator.GetBytes(5000));
        await SendAsync(at, HugeLength);
        await SendAsync(at, []);
        await RequireReachableAsync(at, null, isCoordinator);
    }

    private static X509Certificate2 CertificateIn(string directory) => TlsIdentity.ReadDirectory(directory)!.Certificate;

    private HostPort Start(bool isCoordinator, TlsIdentity? tls)
    {
        var any = new HostPort("127.0.0.1", 0);
        var system = isCoordinator
            ? Start(RoleConfiguration.CreateCoordinator(any, [any], null, tls is not null), tls)
            : Start(RoleConfiguration.CreateWorkerNode(any, null), tls, [_peer]);
        system.ActorOf(Props.Create<Here>(), Here.Name);
        return ActorSystemStarter.GetAddress(system);
    }

    private ActorSystem Start(Akka.Configuration.Config config, TlsIdentity? tls, IReadOnlyList<HostPort>? coordinators = null)
    {
        var system = ActorSystemStarter.Start(config, new LinkIdentity(new LinkKeys(null), tls, coordinators ?? []));
        _systems.Add(system);
        return system;
    }

    /// <summary>Checks that a client or node reaches the address.</summary>
    private async Task RequireReachableAsync(HostPort at, TlsIdentity? tls, bool isCoordinator)
    {
        var peer = Start(isCoordinator ? RoleConfiguration.CreateClient()
            : RoleConfiguration.CreateCoordinator(_peer, [_peer], null, tls is not null), tls);
        await FindAsync(peer, at).WaitAsync(Guard.Longest);
    }

    private static Task FindAsync(ActorSystem peer, HostPort at)
    {
        var found = new TaskCompletionSource();
        var path = Endpoints.CoordinatorPath(Endpoints.SystemAddress(peer, at), Here.Name);
        peer.ActorOf(Props.Create(() => new Asker(path, found)), "coordinator-00000000000000000000000000000002");
        return found.Task;
    }

    private static async Task<bool> IsClosedAsync(HostPort at, X509Certificate2? certificate, byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, at.Port);
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "coordinator",
                ClientCertificates = certificate is null ? [] : [certificate],
#pragma warning disable CA5359 // The test is not about the identity of the server.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            });
            await stream.WriteAsync(bytes);
            return await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience) == 0;
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return true;
        }
    }

    private static async Task SendAsync(HostPort at, byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, at.Port);
        await client.GetStream().WriteAsync(bytes);
    }

    /// <summary>Repeats a request until an actor answers. A busy machine may break off an attempt.</summary>
    private sealed class Asker : ReceiveActor, IWithTimers
    {
        public Asker(ActorPath path, TaskCompletionSource found)
        {
            Receive<ActorIdentity>(identity => identity.Subject is not null, _ => found.TrySetResult());
            Receive<ActorIdentity>(_ => { });
            Receive<string>(_ => Context.ActorSelection(path).Tell(new Identify(1)));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("ask", "ask", TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
    }

    private sealed class Here : ReceiveActor
    {
        public const string Name = "coordinator-00000000000000000000000000000001";
    }
}
