using System.Buffers.Binary;
using System.Net;
using Actors.Cluster.Tests.Programs;
using Actors.Messages;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Serialization;
using Actors.Remoting.Transport;
using Google.Protobuf;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>An attacker with a key sends bytes that no client or node sends.</summary>
public sealed class KeyHolderTests(ITestOutputHelper output)
{
    private const string Gateway = "/user/coordinator";
    private const int Levels = 5000;
    private const int Connections = 100;
    private const int LongFrame = 15 << 20;

    /// <summary>One round took 1.7 GiB without the limits. The garbage collector does not run after each round.</summary>
    private const long MostGrowth = 800 << 20;

    private const int Rounds = 5;
    private const int SocketsOfAClient = 4;

    private static readonly HostPort Attacker = new("127.0.0.1", 40_001);

    /// <summary>A string header of <c>int.MinValue</c>. The reader of contracts read beyond the message, which ended the process.</summary>
    private static readonly byte[] Malformed = [0x01, 0x0c, 0, 0, 0, 0x80, 0, 0, 0, 0, 0x61, 0x61, 0x61, 0x61];

    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData("client", "c.hello", "p.open", "p.find", "n.drainnode")]
    [InlineData("node", "c.hello", "n.join", "n.beat", "o.call")]
    public async Task Contract_ThatIsMalformed_HarmsNoCoordinator(string role, params string[] manifests)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var attacker = await ConnectAsync(cluster, LinkRoles.TryParse(role)!.Value);
        await attacker.SendAsync(
            Gateway, EnvelopeWriter.CreatePayload(WireSerializer.Id, "c.hello", WireBytes(new CoordinatorProtocol.Handshake(1))), "/hello");
        Assert.Equal("/hello", await attacker.ReadRecipientAsync());

        foreach (var manifest in manifests)
            await attacker.SendAsync(Gateway, EnvelopeWriter.CreatePayload(WireSerializer.Id, manifest, Malformed));

        await AssertAnsweredAsync(attacker);
        await cluster.AssertWorksAsync();
    }

    /// <summary>Each level took some hundred bytes of the stack, whose overflow ends a process.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Messages_InsideEachOther_HarmNoCoordinator()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var attacker = await ConnectAsync(cluster);
        byte[] message = [];
        for (var level = 0; level < Levels; level++)
        {
            var payload = EnvelopeWriter.CreatePayload(SmallMessageContents.Serializer, "ID", message);
            message = EnvelopeWriter.Encode(output =>
            {
                output.WriteTag(1, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(payload));
            });
        }

        await attacker.SendAsync(Gateway, EnvelopeWriter.CreatePayload(SmallMessageContents.Serializer, "ID", message));

        await AssertAnsweredAsync(attacker);
        await cluster.AssertWorksAsync();
    }

    /// <summary>
    /// The framework stores each number that is missing before this one. The message filled the memory of a coordinator, and blocked the
    /// thread of its connections until then.
    /// </summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Message_WithANumberFarAhead_ClosesItsConnectionOnly()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var attacker = await ConnectAsync(cluster);
        var message = EnvelopeWriter.CreateMessage(
            $"akka.tcp://{Endpoints.SystemName}@127.0.0.1:{cluster.Port}{Gateway}", $"akka.tcp://{Endpoints.SystemName}@{Attacker}/user/a",
            EnvelopeWriter.CreatePayload(SmallMessageContents.Serializer, "ID", [])).Payload.ToByteArray();
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(message.Length - sizeof(ulong)), 1UL << 40);

        await attacker.SendFrameAsync(message);

        await attacker.WaitForCloseAsync();
        await cluster.AssertWorksAsync();
    }

    /// <summary>The framework read an introduction behind a tag of 33 bits, which the filter did not see.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Introduction_ThatTheFilterDoesNotSee_ClosesItsConnectionOnly()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var attacker = await ProvenConnection.OpenAsync(cluster.Port, ProvenConnection.CreateParty(Attacker));

        // The command to associate, and a field 2^29 + 2 of one byte.
        await attacker.SendFrameAsync([0x12, 0x09, 0x08, 0x01, 0x92, 0x80, 0x80, 0x80, 0x10, 0x01, 0x00]);

        await attacker.WaitForCloseAsync();
        await cluster.AssertWorksAsync();
    }

    /// <summary>The framework goes to the parent at "..". Each of these paths began as one that a client may use.</summary>
    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData("/user/coordinator/../peers")]
    [InlineData("/user/coordinator/..")]
    [InlineData("/user/coordinator/../../system")]
    [InlineData("/user/coordinator/../../system/cluster/core/daemon")]
    [InlineData("/system/remote-watcher#0/../cluster")]
    public async Task Path_WithAParent_ReachesNoActor(string path)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var attacker = await ConnectAsync(cluster);

        await attacker.IdentifyAsync(path, "/reached");

        await AssertAnsweredAsync(attacker);
        await cluster.AssertWorksAsync();
    }

    /// <summary>
    /// After the handshake, a frame may have 16 MiB. Half of each would stay in memory until the connection ends. Each connection claims
    /// another address. The attack is repeated, so memory that does not return would add up.
    /// </summary>
    [LongFact(Timeout = 2 * Guard.Milliseconds)]
    public async Task HalfFrames_OfManyConnections_LeaveMemoryFlatAndReturnIt()
    {
        await using var cluster = new TestCluster();
        var coordinator = await cluster.StartCoordinatorAsync();
        await cluster.StartNodeAsync(1);
        await cluster.AssertWorksAsync();
        var (memory, sockets) = (ProcessStatus.ResidentBytes(coordinator.Id), ProcessStatus.Sockets(coordinator.Id));
        var growth = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var attackers = await SendHalfFramesAsync(cluster);
            growth = Math.Max(growth, ProcessStatus.ResidentBytes(coordinator.Id) - memory);
            await cluster.AssertWorksAsync();
            attackers.ForEach(attacker => attacker.Dispose());
            await WaitForReleaseAsync(cluster, coordinator.Id, sockets + SocketsOfAClient);
        }

        output.WriteLine($"{Rounds} times {Connections} half frames: the coordinator's memory grows by {growth >> 20} MiB");
        Assert.InRange(growth, long.MinValue, MostGrowth);
        await cluster.AssertWorksAsync();
    }

    /// <summary>
    /// Messages for a program that has just lost its connection would reach the attacker, and the program could not connect again.
    /// </summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Address_OfAProgramWhoseConnectionBroke_IsNotTakenByAnotherMachine()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var self = ProvenConnection.CreateParty(new HostPort("127.0.0.1", Attacker.Port));
        using (var victim = await ProvenConnection.OpenAsync(cluster.Port, self))
            Assert.Equal(LinkFrameKind.Accepted, victim.Answer);

        using var attacker = await ProvenConnection.OpenAsync(
            cluster.Port, ProvenConnection.CreateParty(self.Address), IPAddress.Parse("127.0.0.2"));
        using var again = await ProvenConnection.OpenAsync(cluster.Port, self);
        Assert.Equal((LinkFrameKind.Refused, LinkFrameKind.Accepted), (attacker.Answer, again.Answer));
        await cluster.AssertWorksAsync();
    }

    private async Task WaitForReleaseAsync(TestCluster cluster, int coordinator, int sockets)
    {
        try
        {
            await cluster.UntilAsync(() => ProcessStatus.Sockets(coordinator) <= sockets);
        }
        catch (InvalidOperationException)
        {
            output.WriteLine($"expected at most {sockets}: {ProcessStatus.DescribeSockets(coordinator)}");
            throw;
        }
    }

    private static async Task<List<ProvenConnection>> SendHalfFramesAsync(TestCluster cluster)
    {
        var attackers = new List<ProvenConnection>();
        while (attackers.Count < Connections)
            attackers.Add(await ConnectAsync(cluster, port: Attacker.Port + attackers.Count));
        var half = new byte[LongFrame - 1];
        BinaryPrimitives.WriteInt32LittleEndian(half, LongFrame);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await Task.WhenAll(attackers.Select(attacker => attacker.TrySendAsync(half, enough.Token)));
        return attackers;
    }

    private static byte[] WireBytes(IWireMessage message) => new WireSerializer(null!).ToBinary(message);

    private static async Task<ProvenConnection> ConnectAsync(TestCluster cluster, LinkRole role = LinkRole.Client, int? port = null)
    {
        var self = ProvenConnection.CreateParty(Attacker with { Port = port ?? Attacker.Port }, role);
        var attacker = await ProvenConnection.OpenAsync(cluster.Port, self);
        Assert.Equal(LinkFrameKind.Accepted, attacker.Answer);
        await attacker.IntroduceAsync();
        return attacker;
    }

    /// <summary>Checks that the next answer is to this question, which is the first that must be answered.</summary>
    private static async Task AssertAnsweredAsync(ProvenConnection attacker)
    {
        await attacker.IdentifyAsync(Gateway, "/last");
        Assert.Equal("/last", await attacker.ReadRecipientAsync());
    }
}
