using System.Text;
using Actors.Remoting.Transport;
using static Actors.Remoting.Tests.Transport.PeerMessages;

namespace Actors.Remoting.Tests.Transport;

/// <summary>Tests which messages of a peer are delivered.</summary>
public sealed class InboundFilterTests
{
    [Theory]
    [InlineData("client", "/user/coordinator", true)]
    [InlineData("client", "/user/coordinator-" + Id + "/pool-1#123", true)]
    [InlineData("node", "/user/coordinator/nodes-7f", true)]
    [InlineData("client", "/user/clients-7f", false)]
    [InlineData("client", "/system/remote-watcher", true)]
    [InlineData("client", "/system/sharding-" + Id + Id + "/durable-pools/5/" + Id, true)]
    [InlineData("node", "/system/sharding/durable-objects/5/" + Id, true)]
    [InlineData("client", Sharding + "/durable-pools", false)]
    [InlineData("client", Sharding + "/durable-pools/5", false)]
    [InlineData("client", Sharding + "/durable-pools/5/RememberEntitiesStore", false)]
    [InlineData("client", Sharding + "/durable-poolsCoordinator/singleton/coordinator", false)]
    [InlineData("client", Sharding + "/names/5/" + Id, false)]
    [InlineData("client", Sharding + "x/durable-pools/5/" + Id, false)]
    [InlineData("client", "/user/coordinators", false)]
    [InlineData("client", "/user/coordinator-7f", false)]
    [InlineData("node", "/user/coordinator-" + Id + "x/nodes", false)]
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
    [InlineData("coordinator", "/system/sharding-" + Id + Id + "/durable-pools", true)]
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

    /// <summary>
    /// The framework goes to the parent at "..", ignores empty names, and reads a number after each '#'. So such a path was judged as that
    /// of one actor and delivered to another: clients reached every actor of a coordinator.
    /// </summary>
    [Theory]
    [InlineData("client", "/user/coordinator/../peers")]
    [InlineData("client", "/user/coordinator-" + Id + "/pools/../../peers")]
    [InlineData("client", "/user/coordinator/../../system/cluster/core/daemon")]
    [InlineData("client", "/user/coordinator/../../temp/$a")]
    [InlineData("client", "/system/remote-watcher#0/../cluster/core/daemon")]
    [InlineData("client", "/system/sharding/durable-pools/5/" + Id + "/..")]
    [InlineData("node", "/user/coordinator/.")]
    [InlineData("node", "/user/coordinator/")]
    [InlineData("node", "/user//coordinator")]
    [InlineData("node", "//user/coordinator")]
    [InlineData("node", "/user/coordinator#1/nodes")]
    [InlineData("node", "/user/coordinator#1#2")]
    [InlineData("node", "/user/coordinator#")]
    [InlineData("node", "/user/coordinator#x")]
    [InlineData("node", "#1")]
    [InlineData("node", "")]
    [InlineData("coordinator", "/user/a/../../remote/b")]
    [InlineData("coordinator", "/system/cluster/../endpointManager")]
    public void Message_ToAPathWithMoreThanNames_IsRefused(string role, string path)
    {
        Assert.Equal(FilterVerdict.Recipient, Judge(role, Message($"{Own}{path}", Peer + "/user/a", Payload(1001))));
        if (path.Contains("..", StringComparison.Ordinal))
            Assert.Equal(FilterVerdict.Contents, Judge(role, Message($"{Own}/", Peer + "/user/a", Payload(6, Selection(path)))));
    }

    [Theory]
    [InlineData("client", Peer + "/user/a", true)]
    [InlineData("client", Peer + "/user/a#-12", true)]
    [InlineData("client", Peer + "/temp/$a", true)]
    [InlineData("client", Peer + "/user/../a", false)]
    [InlineData("client", Peer, false)]
    [InlineData("client", "akka.tcp://others@10.0.0.2:40000/user/a", false)]
    [InlineData("client", "akka.ssl.tcp://actors@10.0.0.2:40000/user/a", false)]
    [InlineData("client", "akka.tcp://actors@10.0.0.2:40000@10.0.0.2:40000/user/a", false)]
    [InlineData("client", "", false)]
    [InlineData("node", "", false)]
    [InlineData("coordinator", "", true)]
    [InlineData("client", Peer + "/user/deadLetters", false)]
    [InlineData("client", Peer + "/deadLetters#1", false)]
    [InlineData("node", Peer + "/temp/deadLetters", false)]
    [InlineData("client", Peer + "/user/deadLetters/a", true)]
    [InlineData("client", Other + "/user/a", false)]
    [InlineData("client", Peer + "0/user/a", false)]
    [InlineData("client", "akka.tcp://actors@10.0.0.3:1/x@10.0.0.2:40000/", false)]
    [InlineData("client", "akka://actors/user/a", false)]
    [InlineData("node", Own + "/user/a", false)]
    [InlineData("coordinator", Other + "/user/a", true)]
    public void Message_WithASender_IsDeliveredFromTheProvenAddress(string role, string sender, bool isDelivered)
    {
        var expected = isDelivered ? FilterVerdict.Allowed : FilterVerdict.ForeignSender;

        Assert.Equal(expected, Judge(role, Message(Own + "/user/coordinator", sender, Payload(1001))));
        Assert.Equal(expected, Judge(role, Message(Own + "/", sender, Payload(6, Selection("/user/coordinator")))));
    }

    [Theory]
    [InlineData("client", 1001, true)]
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
    [InlineData("client", "b.offer", true)]
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
        foreach (var path in new[] { "/user/coordinator-" + Id + "/pool-1", "/system/sharding-" + Id + Id + "/durable-pools/5/" + Id })
        {
            Assert.Equal(
                isDelivered ? FilterVerdict.Allowed : FilterVerdict.Contents,
                    Judge(role, Message(Own + path, Peer + "/user/a", Payload(1001, null, manifest))));
        }
    }

    [Theory]
    [InlineData("tcp", "actors", "10.0.0.2", 40000, true)]
    [InlineData("tcp", "actors", "10.0.0.2", 40001, false)]
    [InlineData("tcp", "actors", "10.0.0.1", 4053, false)]
    [InlineData("tcp", "others", "10.0.0.2", 40000, false)]
    [InlineData("akka.tcp", "actors", "10.0.0.2", 40000, false)]
    public void Association_OfAnAddress_IsAcceptedFromTheProvenOne(
        string protocol, string system, string host, int port, bool isAccepted)
    {
        var associate = Command(1, Field(2, Field(1, Origin(protocol, system, host, port))));

        Assert.Equal(isAccepted ? FilterVerdict.Allowed : FilterVerdict.ForeignOrigin, NewFilter("client").JudgeMessage(associate));
        Assert.Equal(FilterVerdict.Malformed, NewFilter("client").JudgeMessage([.. associate, .. associate]));
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
        var message = Message(Own + "/user/coordinator-" + Id + "/pool-1#123", Peer + "/user/a", Payload(1001));
        filter.JudgeMessage(message);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
            filter.JudgeMessage(message);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
