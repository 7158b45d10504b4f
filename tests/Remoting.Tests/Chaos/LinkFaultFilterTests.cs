using Actors.Messages.Chaos;
using Actors.Remoting.Chaos;
using Actors.Remoting.Transport;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Actors.Remoting.Tests.Chaos;

public class LinkFaultFilterTests
{
    private static readonly HostPort PeerAddress = new("127.0.0.1", 5000);

    private readonly LinkFaults _faults = new();
    private readonly List<string> _sent = [];
    private readonly List<string> _received = [];

    [Fact]
    public void Gate_WithoutAPartition_PassesEverything()
    {
        var filter = Open(LinkRole.Node);

        Exchange(filter, "a");

        Assert.Equal(("a", "a"), (string.Concat(_sent), string.Concat(_received)));
    }

    [Fact]
    public void Gate_PartitionHoldsMessages_DeliversThemInOrderAfterwards()
    {
        var filter = Open(LinkRole.Node);
        _faults.SetCut(Cut(ChaosDirection.Both));
        Exchange(filter, "a");
        Exchange(filter, "b");
        Assert.Empty(_sent);
        Assert.Empty(_received);

        _faults.SetCut(null);
        Exchange(filter, "c");

        Assert.Equal(("abc", "abc"), (string.Concat(_sent), string.Concat(_received)));
    }

    [Fact]
    public void Gate_PartitionDiscardsMessages_NeverDeliversThem()
    {
        var filter = Open(LinkRole.Node);
        _faults.SetCut(Cut(ChaosDirection.Both) with { DiscardsMessages = true });
        Exchange(filter, "a");

        _faults.SetCut(null);
        Exchange(filter, "b");

        Assert.Equal(("b", "b"), (string.Concat(_sent), string.Concat(_received)));
    }

    [Theory]
    [InlineData("inbound", "a", "")]
    [InlineData("outbound", "", "a")]
    public void Gate_OneWayPartition_PassesTheOtherDirection(string direction, string sent, string received)
    {
        var filter = Open(LinkRole.Node);
        _faults.SetCut(Cut(direction == "inbound" ? ChaosDirection.Inbound : ChaosDirection.Outbound));

        Exchange(filter, "a");

        Assert.Equal((sent, received), (string.Concat(_sent), string.Concat(_received)));
    }

    [Fact]
    public void Gate_OpenedDuringAPartition_IsCut()
    {
        _faults.SetCut(Cut(ChaosDirection.Both));

        Exchange(Open(LinkRole.Node), "a");

        Assert.Empty(_sent);
    }

    [Theory]
    [InlineData("operator", "all", false)]
    [InlineData("client", "nodes", false)]
    [InlineData("client", "all", true)]
    [InlineData("coordinator", "coordinators", true)]
    [InlineData("node", "another address", false)]
    [InlineData("node", "its address", true)]
    public void Gate_Partition_SeparatesItsPeersOnly(string role, string peers, bool isCut)
    {
        var filter = Open(LinkRoles.TryParse(role)!.Value);
        _faults.SetCut(Cut(ChaosDirection.Both) with
        {
            Peers = peers switch { "nodes" => ChaosPeers.Nodes, "coordinators" => ChaosPeers.Coordinators, _ => ChaosPeers.All },
            Addresses = peers switch { "another address" => [PeerAddress with { Port = 5001 }], "its address" => [PeerAddress], _ => [] },
        });

        Exchange(filter, "a");

        Assert.Equal(isCut, _sent.Count == 0);
    }

    /// <summary>The end of a connection is not visible through a partition either.</summary>
    [Fact]
    public void Gate_ConnectionEndsDuringAPartition_TellsItAfterwards()
    {
        var filter = Open(LinkRole.Node);
        _faults.SetCut(Cut(ChaosDirection.Both) with { DiscardsMessages = true });
        filter.Receive(new Disassociated(DisassociateInfo.Unknown));
        Assert.Empty(_received);

        _faults.SetCut(null);

        Assert.Equal(["end"], _received);
    }

    private static LinkCut Cut(ChaosDirection direction) => new(ChaosPeers.All, [], direction, DiscardsMessages: false);

    private static void Exchange(LinkFaultFilter filter, string text)
    {
        Assert.True(filter.Write(ByteString.CopyFromUtf8(text)));
        filter.Receive(new InboundPayload(ByteString.CopyFromUtf8(text)));
    }

    private LinkFaultFilter Open(LinkRole role)
    {
        var filter = new LinkFaultFilter(
            _faults, new LinkPeer(role, PeerAddress, ReadOnlyMemory<byte>.Empty),
            message =>
            {
                _sent.Add(message.ToStringUtf8());
                return true;
            },
            ev => _received.Add(ev is InboundPayload payload ? payload.Payload.ToStringUtf8() : "end"));
        _faults.AddFilter(filter);
        return filter;
    }
}
