using System.Text;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Remoting.Tests.Transport;

/// <summary>Tests which messages of a peer are delivered.</summary>
public sealed class InboundFilterTests
{
    private const string Own = "akka.tcp://actors@10.0.0.1:4053";
    private const string Peer = "akka.tcp://actors@10.0.0.2:40000";
    private const string Other = "akka.tcp://actors@10.0.0.3:40000";
    private const int MaxWatches = 2;

    private static readonly Address Address = new("tcp", "actors", "10.0.0.1", 4053);
    private static readonly HostPort At = new("10.0.0.2", 40000);

    [Theory]
    [InlineData("client", "/user/coordinator", true)]
    [InlineData("client", "/user/coordinator-7f/pool-1#123", true)]
    [InlineData("node", "/user/coordinator/nodes-7f", true)]
    [InlineData("client", "/user/clients-7f", false)]
    [InlineData("client", "/system/remote-watcher", true)]
    [InlineData("client", "/system/sharding-7f/durable-pools/5/entity", true)]
    [InlineData("client", "/system/sharding-7f/durable-pools", false)]
    [InlineData("client", "/system/sharding-7f/durable-poolsCoordinator/singleton", false)]
    [InlineData("client", "/system/cluster/core/daemon", false)]
    [InlineData("node", "/system/cluster/core/daemon", false)]
    [InlineData("client", "/system/remote-watcher/child", false)]
    [InlineData("client", "/user/peers", false)]
    [InlineData("client", "/user/quarantine", false)]
    [InlineData("client", "/temp/a", false)]
    [InlineData("client", "/", false)]
    [InlineData("client", "/remote/akka.tcp/actors@10.0.0.2:40000/user/x", false)]
    [InlineData("node", "/system/ddataReplicator", false)]
    [InlineData("node", "/temp/a", false)]
    [InlineData("coordinator", "/system/cluster/core/daemon", true)]
    [InlineData("coordinator", "/system/sharding-7f/durable-pools", true)]
    [InlineData("coordinator", "/system/ddataReplicator", true)]
    [InlineData("coordinator", "/temp/a", true)]
    [InlineData("coordinator", "/remote/x", false)]
    [InlineData("coordinator", "/system/akka.persistence.journal.sql", false)]
    [InlineData("coordinator", "/system/endpointManager", false)]
    public void Message_ToAnActor_IsDeliveredByRole(string role, string path, bool isDelivered)
    {
        var expected = isDelivered ? FilterVerdict.Allowed : FilterVerdict.Recipient;

        Assert.Equal(expected, Judge(role, Message($"{Own}{path}", Peer + "/user/a", Payload(1001))));
        if (path.Length > 1 && !path.Contains('#', StringComparison.Ordinal))
            Assert.Equal(expected, Judge(role, Message($"{Own}/", Peer + "/user/a", Payload(6, Selection(path)))));
    }

    [Theory]
    [InlineData("client", Peer + "/user/a", true)]
    [InlineData("client", "", true)]
    [InlineData("client", Other + "/user/a", false)]
    [InlineData("client", Peer + "0/user/a", false)]
    [InlineData("client", "akka.tcp://actors@10.0.0.3:1/x@10.0.0.2:40000/", false)]
    [InlineData("client", "akka://actors/user/a", false)]
    [InlineData("node", Own + "/user/a", false)]
    [InlineData("coordinator", Other + "/user/a", true)]
    public void Message_WithASender_IsDeliveredFromTheProvenAddress(string role, string sender, bool isDelivered) => Assert.Equal(
        isDelivered ? FilterVerdict.Allowed : FilterVerdict.ForeignSender,
            Judge(role, Message(Own + "/user/coordinator", sender, Payload(1001))));

    [Theory]
    [InlineData("client", 1001, true)]
    [InlineData("client", 16, true)]
    [InlineData("client", 1, false)]
    [InlineData("client", 2, false)]
    [InlineData("client", 3, false)]
    [InlineData("client", 5, false)]
    [InlineData("client", 13, false)]
    [InlineData("client", -5, false)]
    [InlineData("client", 4711, false)]
    [InlineData("coordinator", 13, true)]
    [InlineData("coordinator", 1, false)]
    [InlineData("coordinator", 3, false)]
    public void Message_OfASerializer_IsDeliveredByRole(string role, int serializer, bool isDelivered) => Assert.Equal(
        isDelivered ? FilterVerdict.Allowed : FilterVerdict.Contents,
            Judge(role, Message(Own + "/user/coordinator", Peer + "/user/a", Payload(serializer))));

    /// <summary>
    /// A node runs code of users. Neither its key nor its certificate permits it to upload code, open pools, or drain other nodes.
    /// </summary>
    [Theory]
    [InlineData("client", "p.open", true)]
    [InlineData("client", "p.submit", true)]
    [InlineData("client", "b.chunk", true)]
    [InlineData("client", "o.call", true)]
    [InlineData("client", "n.done", false)]
    [InlineData("client", "n.join", false)]
    [InlineData("client", "p.ended", false)]
    [InlineData("client", "o.reply", false)]
    [InlineData("node", "n.done", true)]
    [InlineData("node", "b.fetch", true)]
    [InlineData("node", "o.call", true)]
    [InlineData("node", "p.open", false)]
    [InlineData("node", "p.find", false)]
    [InlineData("node", "p.terminate", false)]
    [InlineData("node", "b.offer", false)]
    [InlineData("node", "b.chunk", false)]
    [InlineData("node", "n.drainnode", false)]
    [InlineData("node", "n.provide", false)]
    [InlineData("node", "unknown", false)]
    [InlineData("node", "", false)]
    [InlineData("node", "a manifest that is longer than every one that there is", false)]
    [InlineData("operator", "x.inject", true)]
    [InlineData("operator", "x.list", true)]
    [InlineData("operator", "c.hello", true)]
    [InlineData("operator", "p.open", false)]
    [InlineData("operator", "n.drainnode", false)]
    [InlineData("operator", "n.done", false)]
    [InlineData("client", "x.inject", false)]
    [InlineData("client", "x.list", false)]
    [InlineData("node", "x.inject", false)]
    [InlineData("node", "x.injected", true)]
    [InlineData("coordinator", "n.provide", true)]
    [InlineData("coordinator", "p.open", true)]
    [InlineData("coordinator", "unknown", false)]
    public void Contract_OfARole_IsDelivered(string role, string manifest, bool isDelivered)
    {
        foreach (var path in new[] { "/user/coordinator-7f/pool-1", "/system/sharding-7f/durable-pools/5/entity" })
        {
            Assert.Equal(
                isDelivered ? FilterVerdict.Allowed : FilterVerdict.Contents,
                    Judge(role, Message(Own + path, Peer + "/user/a", Payload(1001, null, manifest))));
        }
    }

    [Theory]
    [InlineData(3, "*")]
    [InlineData(1, "..")]
    [InlineData(2, "coordinator/x")]
    [InlineData(2, "")]
    public void Selection_WithAPattern_IsRefused(int type, string name)
    {
        byte[] selection = [.. Field(1, Payload(1001)), .. Field(2, [.. Number(1, 2), .. Field(2, "user"u8)]),
            .. Field(2, [.. Number(1, type), .. Field(2, Encoding.UTF8.GetBytes(name))])];

        Assert.Equal(FilterVerdict.Contents, Judge("coordinator", Message(Own + "/", Peer + "/user/a", Payload(6, selection))));
    }

    [Fact]
    public void Selection_BelowAnActor_IsRefused() =>
        Assert.Equal(FilterVerdict.Recipient,
            Judge("client", Message(Own + "/user/coordinator", Peer + "/user/a", Payload(6, Selection("/user/coordinator")))));

    [Fact]
    public void Selection_InASelection_IsRefused() => Assert.Equal(
        FilterVerdict.Contents,
        Judge("client", Message(Own + "/", Peer + "/user/a",
            Payload(6, [.. Field(1, Payload(6, Selection("/system/cluster"))), .. Field(2, [.. Number(1, 2), .. Field(2, "user"u8)])]))));

    [Theory]
    [InlineData("DeathWatchNotification", Peer, 0, true)]
    [InlineData("DeathWatchNotification", Other, 0, false)]
    [InlineData("DeathWatchNotification", Own, 0, false)]
    [InlineData("DeathWatchNotification", Peer, 1, false)]
    [InlineData("Terminate", Peer, 0, false)]
    [InlineData("Suspend", Peer, 0, false)]
    public void DeathWatch_OfAnActor_IsDeliveredFromItsOwnSystem(string type, string of, int isWholeSystem, bool isDelivered)
    {
        byte[] contents = [.. Field(1, Field(1, Encoding.UTF8.GetBytes(of + "/user/a"))), .. Number(2, 1), .. Number(3, isWholeSystem)];

        Assert.Equal(
            isDelivered ? FilterVerdict.Allowed : FilterVerdict.Contents,
            Judge("client", Message(Own + "/user/coordinator-7f", "", Payload(22, contents, $"Akka.Dispatch.SysMsg.{type}, Akka"))));
    }

    /// <summary>The framework keeps each watch in memory. A client could invent millions of watching actors.</summary>
    [Theory]
    [InlineData("client", false)]
    [InlineData("node", false)]
    [InlineData("coordinator", true)]
    public void Watch_AboveTheLimit_IsRefused(string role, bool isDelivered)
    {
        var filter = CreateFilter(role);
        for (var watch = 0; watch < MaxWatches; watch++)
            Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(DeathWatch("Watch")));

        Assert.Equal(isDelivered ? FilterVerdict.Allowed : FilterVerdict.TooManyWatches, filter.JudgeMessage(DeathWatch("Watch")));
        Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(DeathWatch("Unwatch")));
        Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(DeathWatch("Watch")));
    }

    [Theory]
    [InlineData("10.0.0.2", 40000, true)]
    [InlineData("10.0.0.2", 40001, false)]
    [InlineData("10.0.0.1", 4053, false)]
    public void Association_OfAnAddress_IsAcceptedFromTheProvenOne(string host, int port, bool isAccepted)
    {
        byte[] origin = [.. Field(1, "actors"u8), .. Field(2, Encoding.UTF8.GetBytes(host)), .. Number(3, port), .. Field(4, "akka.tcp"u8)];
        var associate = Field(2, [.. Number(1, 1), .. Field(2, Field(1, origin))]);

        Assert.Equal(isAccepted ? FilterVerdict.Allowed : FilterVerdict.ForeignOrigin, Judge("client", associate));
        Assert.Equal(FilterVerdict.Malformed, Judge("client", [.. associate, .. associate]));
    }

    /// <summary>
    /// The framework keeps references to the last senders of a connection: a thousand paths of 8 MiB filled 16 GiB.
    /// </summary>
    [Theory]
    [InlineData(100, true)]
    [InlineData(InboundFilter.MaxPathLength, false)]
    public void Message_WithALongPath_IsMalformed(int length, bool isDelivered)
    {
        var name = new string('a', length);
        var expected = isDelivered ? FilterVerdict.Allowed : FilterVerdict.Malformed;

        Assert.Equal(expected, Judge("client", Message(Own + "/user/coordinator", $"{Peer}/user/{name}", Payload(1001))));
        Assert.Equal(expected, Judge("client", Message($"{Own}/user/coordinator/{name}", Peer + "/user/a", Payload(1001))));
    }

    /// <summary>
    /// Protobuf uses the last of repeated fields, or merges them. A filter that reads the first would see another message.
    /// </summary>
    [Fact]
    public void Message_WithAFieldTwice_IsMalformed()
    {
        var recipient = Field(1, Field(1, Encoding.UTF8.GetBytes(Own + "/user/coordinator")));
        var forbidden = Field(1, Field(1, Encoding.UTF8.GetBytes(Own + "/system/cluster/core/daemon")));
        var message = Field(2, Payload(1001));

        Assert.Equal(FilterVerdict.Malformed, Judge("client", Field(1, Field(2, [.. recipient, .. forbidden, .. message]))));
        Assert.Equal(FilterVerdict.Malformed,
            Judge("client", Field(1, [.. Field(2, [.. recipient, .. message]), .. Field(2, [.. forbidden, .. message])])));
        Assert.Equal(FilterVerdict.Malformed,
            Judge("client", Field(1, Field(2, [.. recipient, .. Field(2, [.. Number(2, 1001), .. Number(2, 3)])]))));
    }

    [Fact]
    public void Message_CutOrChanged_NeverThrows()
    {
        var random = new Random(20);
        var good = Message(Own + "/", Peer + "/user/a", Payload(6, Selection("/user/coordinator")));
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = good[..random.Next(good.Length + 1)];
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Judge("client", bytes);
        }
    }

    [Fact]
    public void Message_ThatIsDelivered_AllocatesNothing()
    {
        var filter = CreateFilter("client");
        var message = Message(Own + "/user/coordinator-7f/pool-1#123", Peer + "/user/a", Payload(1001));
        filter.JudgeMessage(message);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
            filter.JudgeMessage(message);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static PeerWatches NewWatches() => new(MaxWatches, _ => true);

    private static InboundFilter CreateFilter(string role) =>
        new(LinkRole.Coordinator, Address, new LinkPeer(LinkRoles.TryParse(role)!.Value, At, new byte[16]), NewWatches());

    private static byte[] DeathWatch(string type)
    {
        byte[] contents = [.. Field(1, Field(1, Encoding.UTF8.GetBytes(Own + "/user/coordinator"))),
            .. Field(2, Field(1, Encoding.UTF8.GetBytes(Peer + "/user/a")))];
        return Message(Own + "/user/coordinator", "", Payload(22, contents, $"Akka.Dispatch.SysMsg.{type}, Akka"));
    }

    private static FilterVerdict Judge(string role, byte[] bytes) => CreateFilter(role).JudgeMessage(bytes);

    private static byte[] Message(string recipient, string sender, byte[] payload)
    {
        byte[] from = sender.Length == 0 ? [] : Field(4, Field(1, Encoding.UTF8.GetBytes(sender)));
        return Field(1, Field(2,
            [.. Field(1, Field(1, Encoding.UTF8.GetBytes(recipient))), .. Field(2, payload), .. from, 0x29, 1, 0, 0, 0, 0, 0, 0, 0]));
    }

    private static byte[] Payload(int serializer, byte[]? contents = null, string manifest = "c.hello") =>
        [.. Field(1, contents ?? [1, 2, 3]), .. Number(2, serializer), .. Field(3, Encoding.UTF8.GetBytes(manifest))];

    private static byte[] Selection(string path) =>
        [.. Field(1, Payload(1001)), .. path.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(name => Field(2, [.. Number(1, 2), .. Field(2, Encoding.UTF8.GetBytes(name))]))];

    private static byte[] Field(int number, ReadOnlySpan<byte> contents) =>
        [(byte)((number << 3) | 2), .. Varint((ulong)contents.Length), .. contents];

    private static byte[] Number(int number, long value) => [(byte)(number << 3), .. Varint((ulong)value)];

    private static byte[] Varint(ulong value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
