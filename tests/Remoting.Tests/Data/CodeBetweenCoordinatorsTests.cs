using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Actors.Messages;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Actors.Remoting.Tests.Bundles;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Remoting.Tests.Data;

/// <summary>Coordinators with real control connections transfer code to each other.</summary>
public sealed class CodeBetweenCoordinatorsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly LinkKeys Keys = new(AccessKey.FromBytes("of clients"u8.ToArray()), AccessKey.FromBytes("of nodes"u8.ToArray()));

    private readonly TestDirectory _directory = new();
    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_systems.Select(system => system.Terminate()));
        _directory.Dispose();
    }

    [Fact]
    public async Task Receive_CodeOfAnotherCoordinator_IsPermitted()
    {
        HostPort[] cluster = [FindFreeAddress(), FindFreeAddress()];
        var (owner, other) = (StartCoordinator(cluster[0], cluster), StartCoordinator(cluster[1], cluster));
        var (bytes, path) = (new byte[1_000_003], Path.Combine(_directory.Path, "code"));
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(path, bytes);
        var data = DataListener.StartListening(owner);
        data.Files.ServeCode(_ => File.OpenRead(path));
        var atOwner = ((ExtendedActorSystem)other).Provider.ResolveActorRef(
            Endpoints.CoordinatorPath(Endpoints.SystemAddress(other, cluster[0])));
        await atOwner.Ask<CoordinatorProtocol.HandshakeReply>(new CoordinatorProtocol.Handshake(8), Patience);

        using var to = new MemoryStream();
        var key = DataKey.ForCode(BundleId.FromHash(SHA256.HashData(bytes)));
        await DataTransfer.CreateTransfer(atOwner, data.Port, key).ReceiveAsync(bytes.Length, to, default);

        Assert.Equal(bytes, to.ToArray());
    }

    private static HostPort FindFreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new HostPort("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
    }

    private ActorSystem StartCoordinator(HostPort at, HostPort[] cluster)
    {
        var system = ActorSystemStarter.Start(
            RoleConfiguration.CreateCoordinator(at, cluster, null), new LinkIdentity(Keys, null, cluster));
        _systems.Add(system);
        system.ActorOf(Props.Create<Answering>(), Endpoints.CoordinatorName);
        return system;
    }

    private sealed class Answering : ReceiveActor
    {
        public Answering() => Receive<CoordinatorProtocol.Handshake>(
            hello => Sender.Tell(new CoordinatorProtocol.HandshakeReply(hello.Version, "", "")));
    }
}
