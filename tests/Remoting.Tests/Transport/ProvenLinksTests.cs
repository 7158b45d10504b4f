using System.Net;
using Actors.Remoting.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Actors.Remoting.Tests.Transport;

/// <summary>The addresses of peers, and the limits of their connections.</summary>
public sealed class ProvenLinksTests
{
    private const int Limit = 40;
    private const int NetworkLimit = 20;

    private static readonly HostPort Address = new("node", 40000);
    private static readonly LinkSource Here = new(IPAddress.Parse("10.0.0.2"));
    private static readonly LinkSource Elsewhere = new(IPAddress.Parse("10.0.0.3"));

    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _released = [];
    private readonly ProvenLinks _proven;
    private readonly LinkPeer _peer = CreatePeer(0);

    public ProvenLinksTests() => _proven = new ProvenLinks(Limit, NetworkLimit, _clock);

    [Fact]
    public void TryAdd_AddressOfAConnectedPeer_IsRefused()
    {
        var other = CreatePeer(1);

        Assert.Null(_proven.TryAdd(_peer, Here));
        Assert.Null(_proven.TryAdd(_peer, Here));
        Assert.Equal(LinkRefusalCode.Address, _proven.TryAdd(other, Here)!.Code);
        Assert.Equal(LinkRefusalCode.Address, _proven.TryAdd(_peer with { Role = LinkRole.Node }, Here)!.Code);
        _proven.RemoveLink(_peer, Here);
        Assert.Equal(LinkRefusalCode.Address, _proven.TryAdd(other, Here)!.Code);
        _proven.RemoveLink(_peer, Here);
        Assert.False(_proven.IsConnected(_peer));
        Assert.Null(_proven.FindRole(Address));
    }

    [Fact]
    public void RemoveLink_LastConnection_IsReported()
    {
        var ended = new List<LinkPeer>();
        _proven.PeerDisconnected += ended.Add;
        _proven.TryAdd(_peer, Here);
        _proven.TryAdd(_peer, Here);

        _proven.RemoveLink(_peer, Here);
        Assert.Empty(ended);
        _proven.RemoveLink(_peer, Here);

        Assert.Equal(_peer, Assert.Single(ended));
    }

    /// <summary>Messages may still be addressed to the program that has just lost its connection.</summary>
    [Fact]
    public void TryAdd_AddressAfterTheLastConnection_IsRefusedFromOtherMachines()
    {
        _proven.TryAdd(_peer, Here);
        _proven.RemoveLink(_peer, Here);

        var refusal = _proven.TryAdd(CreatePeer(1), Elsewhere);

        Assert.True(refusal!.IsTemporary);
        _clock.Advance(ProvenLinks.Reservation - TimeSpan.FromSeconds(1));
        Assert.NotNull(_proven.TryAdd(CreatePeer(1), Elsewhere));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_proven.TryAdd(CreatePeer(1), Elsewhere));
    }

    [Fact]
    public void TryAdd_SameProgramAfterItsLastConnection_IsAcceptedFromAnywhere()
    {
        _proven.TryAdd(_peer, Here);
        _proven.RemoveLink(_peer, Here);

        Assert.Null(_proven.TryAdd(_peer, Elsewhere));
        Assert.True(_proven.IsConnected(_peer));
    }

    [Fact]
    public void TryAdd_RestartedProgramOfAMachine_IsAcceptedAtOnce()
    {
        _proven.TryAdd(_peer, Here);
        _proven.RemoveLink(_peer, Here);

        Assert.Null(_proven.TryAdd(CreatePeer(1), Here));
    }

    [Fact]
    public void TryAdd_ConnectedAgain_IsReservedFromItsNewEnd()
    {
        _proven.TryAdd(_peer, Here);
        _proven.RemoveLink(_peer, Here);
        _clock.Advance(ProvenLinks.Reservation - TimeSpan.FromSeconds(1));
        _proven.TryAdd(_peer, Here);
        _proven.RemoveLink(_peer, Here);

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.NotNull(_proven.TryAdd(CreatePeer(1), Elsewhere));
    }

    /// <summary>The certificate of a coordinator, and the list of seeds, protect its address.</summary>
    [Fact]
    public void TryAdd_CoordinatorThatMoved_IsAcceptedAtOnce()
    {
        _proven.TryAdd(_peer with { Role = LinkRole.Coordinator }, Here);
        _proven.RemoveLink(_peer with { Role = LinkRole.Coordinator }, Here);

        Assert.Null(_proven.TryAdd(CreatePeer(1) with { Role = LinkRole.Coordinator }, Elsewhere));
    }

    [Fact]
    public void TryAdd_ManyConnectionsOfAPeer_AreLimited()
    {
        for (var i = 0; i < ProvenLinks.LimitPerPeer; i++)
            Assert.Null(_proven.TryAdd(_peer, Here));

        Assert.Equal(LinkRefusalCode.Limit, _proven.TryAdd(_peer, Here)!.Code);
    }

    /// <summary>The framework keeps watches beyond the end of a connection, and those of all connections of an address together.</summary>
    [Fact]
    public void GetWatches_ConnectionsOfAnAddress_ShareThem()
    {
        _proven.TryAdd(_peer, Here);
        var watches = GetWatches(_peer);

        _proven.TryAdd(_peer, Here);
        Assert.Same(watches, GetWatches(_peer));
        _proven.RemoveLink(_peer, Here);
        _proven.RemoveLink(_peer, Here);
        _proven.TryAdd(CreatePeer(1), Here);
        Assert.Same(watches, GetWatches(CreatePeer(1)));
        _proven.RemoveLink(CreatePeer(1), Here);
        _clock.Advance(ProvenLinks.Reservation);
        // A late end could end the first watches of the new connection.
        _proven.TryAdd(CreatePeer(2), Here);
        Assert.Same(watches, GetWatches(CreatePeer(2)));
        Assert.Empty(_released);
    }

    [Fact]
    public void RemoveLink_NotConnectedForLong_EndsTheWatches()
    {
        _proven.TryAdd(_peer, Here);
        GetWatches(_peer).TryAdd("/user/a", "/user/a#1"u8, "x"u8);
        _proven.RemoveLink(_peer, Here);
        _clock.Advance(ProvenLinks.Reservation - TimeSpan.FromSeconds(1));
        _proven.TryAdd(CreatePeer(0, 1), Here);
        Assert.Empty(_released);

        _clock.Advance(TimeSpan.FromSeconds(1));
        _proven.TryAdd(CreatePeer(0, 2), Here);

        Assert.Equal(["/user/a"], _released);
    }

    /// <summary>The framework ignores numbers that it has received, also after a long time and another actor system.</summary>
    [Fact]
    public void GetNumbers_ActorSystemConnectsAgain_AreKnown()
    {
        _proven.TryAdd(_peer, Here);
        Assert.True(_proven.GetNumbers(_peer, 7).TryAdd(0, out _));
        Assert.True(_proven.GetNumbers(_peer, 8).TryAdd(0, out var isRepeated));
        Assert.False(isRepeated);
        Assert.True(_proven.GetNumbers(_peer, 7).TryAdd(0, out isRepeated));
        Assert.True(isRepeated);

        _proven.RemoveLink(_peer, Here);
        _clock.Advance(ProvenLinks.Reservation);
        _proven.TryAdd(CreatePeer(1), Here);

        Assert.True(_proven.GetNumbers(CreatePeer(1), 7).TryAdd(0, out isRepeated));
        Assert.True(isRepeated);
    }

    private PeerWatches GetWatches(LinkPeer peer) => _proven.GetWatches(
        peer, () => new PeerWatches(int.MaxValue, new WatchTotal(int.MaxValue), _ => true, _released.Add));

    /// <summary>A peer can claim any number of addresses.</summary>
    [Fact]
    public void TryAdd_ManyPeersOfAMachine_AreLimited()
    {
        for (var i = 0; i < NetworkLimit; i++)
            Assert.Null(_proven.TryAdd(CreatePeer(0, i), Here));

        Assert.Contains("connections-of-address", _proven.TryAdd(CreatePeer(0, NetworkLimit), Here)!.Reason, StringComparison.Ordinal);
        Assert.Null(_proven.TryAdd(CreatePeer(0, NetworkLimit), Elsewhere));
        _proven.RemoveLink(CreatePeer(0, 0), Here);
        Assert.Null(_proven.TryAdd(CreatePeer(0, NetworkLimit + 1), Here));
    }

    [Fact]
    public void TryAdd_ManyPeersOfManyMachines_AreLimited()
    {
        for (var i = 0; i < Limit; i++)
            Assert.Null(_proven.TryAdd(CreatePeer(0, i), new LinkSource(new IPAddress(i))));

        Assert.Equal(LinkRefusalCode.Limit, _proven.TryAdd(CreatePeer(0, Limit), Elsewhere)!.Code);
        Assert.Null(_proven.TryAdd(CreatePeer(0, Limit) with { Role = LinkRole.Coordinator }, Elsewhere));
    }

    /// <summary>An attacker connects with one address after another, so that those of others are no longer reserved.</summary>
    [Fact]
    public void RemoveLink_ManyAddressesOfAMachine_KeepsThoseOfOthersReserved()
    {
        _proven.TryAdd(_peer, Here);
        _proven.RemoveLink(_peer, Here);

        for (var i = 1; i < 1000; i++)
        {
            Assert.Null(_proven.TryAdd(CreatePeer(0, i), Elsewhere));
            _proven.RemoveLink(CreatePeer(0, i), Elsewhere);
        }

        Assert.NotNull(_proven.TryAdd(CreatePeer(1), Elsewhere));
        Assert.NotNull(_proven.TryAdd(CreatePeer(1, NetworkLimit), new LinkSource(new IPAddress(1))));
        Assert.Null(_proven.TryAdd(CreatePeer(1, NetworkLimit + 1), new LinkSource(new IPAddress(1))));
    }

    [Theory]
    [InlineData("10.0.0.2", "10.0.0.2", true)]
    [InlineData("10.0.0.2", "10.0.0.3", false)]
    [InlineData("::ffff:10.0.0.2", "10.0.0.2", true)]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:2:4::5", true)]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:3::3", false)]
    public void Network_OfTwoSources_IsTheSameWithinWhatAMachineCanUse(string one, string other, bool isSame) => Assert.Equal(
        isSame,
        LinkSource.FromEndPoint(new IPEndPoint(IPAddress.Parse(one), 1)).Network
            .Equals(LinkSource.FromEndPoint(new IPEndPoint(IPAddress.Parse(other), 2)).Network));

    private static LinkPeer CreatePeer(byte instance, int port = 0) => new(
        LinkRole.Client, Address with { Port = Address.Port + port }, Enumerable.Repeat(instance, LinkFrame.InstanceLength).ToArray());
}
