using System.Text;
using Actors.Cluster.Tests.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>Recorded handshakes, and systems of another name, against a running coordinator.</summary>
public sealed class HandshakeAttackTests : IDisposable
{
    private readonly string _keyFile = Path.GetTempFileName();

    public HandshakeAttackTests() => File.WriteAllText(_keyFile, "the clients' key");

    public void Dispose() => File.Delete(_keyFile);

    /// <summary>A program without the key repeats a client's recorded bytes.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Handshake_Replayed_IsRefused()
    {
        await using var cluster = await StartAsync();
        var recorded = await RecordAsync(cluster.Port);

        using var connection = await RawConnection.OpenAsync(cluster.Port);
        await connection.SendFrameAsync(recorded[0]);
        Assert.Equal(LinkFrameKind.Reply, KindOf(await connection.ReadFrameAsync()));
        await connection.SendFrameAsync(recorded[1]);

        Assert.Equal(LinkFrameKind.Refused, KindOf(await connection.ReadFrameAsync()));
        await connection.WaitForCloseAsync();
        await AssertWorksAsync(cluster);
    }

    /// <summary>Both frames at once, as a recording is played back.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Handshake_ReplayedAtOnce_IsRefused()
    {
        await using var cluster = await StartAsync();
        var recorded = await RecordAsync(cluster.Port);

        using var connection = await RawConnection.OpenAsync(cluster.Port);
        foreach (var frame in recorded)
            await connection.SendFrameAsync(frame);

        Assert.Equal(LinkFrameKind.Reply, KindOf(await connection.ReadFrameAsync()));
        Assert.Equal(LinkFrameKind.Refused, KindOf(await connection.ReadFrameAsync()));
        await connection.WaitForCloseAsync();
        await AssertWorksAsync(cluster);
    }

    /// <summary>A client with the key addresses a system with another name.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Message_ToASystemOfAnotherName_IsNotDelivered()
    {
        await using var cluster = await StartAsync();
        var client = ActorSystemStarter.Start(RoleConfiguration.CreateClient(), new LinkIdentity(new LinkKeys(Key), null, []));
        var path = new RootActorPath(PlainActorSystem.AddressOf(cluster.Port, "others")) / "user" / "coordinator";

        await Assert.ThrowsAsync<AskTimeoutException>(
            () => client.ActorSelection(path).Ask<ActorIdentity>(new Identify(1), TimeSpan.FromSeconds(3)));

        await client.Terminate();
        await AssertWorksAsync(cluster);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task System_OfAnotherName_ReachesNothing()
    {
        await using var cluster = await StartAsync();
        await using var attacker = new PlainActorSystem(name: "others");

        Assert.False(await attacker.IsAnsweredAsync(cluster.Port, "/user/coordinator"));
        attacker.Send(cluster.Port, "/user/*", Kill.Instance);

        await AssertWorksAsync(cluster);
    }

    private AccessKey Key => AccessKey.ReadFile(_keyFile)!;

    /// <summary>Performs the handshake of a client.</summary>
    /// <returns>The bytes that it sent.</returns>
    private async Task<List<byte[]>> RecordAsync(int port)
    {
        var self = ProvenConnection.CreateParty(new HostPort("127.0.0.1", 40_000), keys: new LinkKeys(Key));
        using var connection = await ProvenConnection.OpenAsync(port, self);
        Assert.Equal(LinkFrameKind.Accepted, connection.Answer);
        return connection.Recorded;
    }

    private async Task<TestCluster> StartAsync()
    {
        var cluster = new TestCluster();
        await cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--key-file", _keyFile).SaysAsync("coordinator listens");
        var node = cluster.Run(
            "Actors.WorkerNode.dll", "--join", cluster.Address, "--processes", "1", "--cache", cluster.CacheOf(1), "--key-file", _keyFile);
        await node.SaysAsync("joined");
        return cluster;
    }

    private async Task AssertWorksAsync(TestCluster cluster)
    {
        var key = Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(_keyFile));
        await using var manager = await Manager.ConnectAsync(cluster.Address, key);
        var squares = await manager.CreateAsync(() => new Squares()).WaitAsync(Guard.Longest);
        Assert.Equal(49, await squares.CallAsync(squares => squares.Of(7)).WaitAsync(Guard.Longest));
    }

    private static LinkFrameKind KindOf(byte[] frame) => LinkFrame.TryReadHeader(frame)!.Value.Kind;

    private sealed class Squares
    {
        public int Of(int number) => number * number;
    }
}
