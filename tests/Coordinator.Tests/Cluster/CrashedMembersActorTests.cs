using System.Collections.Concurrent;
using System.Net.Sockets;
using Actors.Coordinator.Cluster;
using Actors.Remoting;
using Actors.Testing;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;

namespace Actors.Coordinator.Tests.Cluster;

/// <summary>One of three coordinators whose connection to another breaks.</summary>
public sealed class CrashedMembersActorTests : PatientTestKit
{
    private readonly Akka.Cluster.Cluster _cluster;
    private readonly List<ActorSystem> _others = [];
    private readonly ConcurrentDictionary<HostPort, SocketError> _found = [];
    private SocketError? _foundAtFirst;
    private int _looks;

    public CrashedMembersActorTests()
        : base(LoneCoordinator.Configuration)
    {
        _cluster = Akka.Cluster.Cluster.Get(Sys);
        Sys.ActorOf(Props.Create(() => new CrashedMembersActor(Connect)));
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused)]
    [InlineData(SocketError.HostNotFound)]
    public async Task Coordinator_Killed_IsDowned(SocketError found)
    {
        var (gone, other) = await FormAsync();
        (_found[HostPort.FromAddress(gone)], _found[HostPort.FromAddress(other)]) = (found, SocketError.Success);

        Break(gone);

        Assert.Equal(gone, ExpectMsg<ClusterEvent.MemberDowned>().Member.Address);
    }

    /// <summary>The system closes the sockets of a dead process one after the other.</summary>
    [Fact]
    public async Task Coordinator_PortClosedLast_IsDowned()
    {
        var (gone, other) = await FormAsync();
        (_found[HostPort.FromAddress(gone)], _found[HostPort.FromAddress(other)]) = (SocketError.ConnectionRefused, SocketError.Success);
        _foundAtFirst = SocketError.Success;

        Break(gone);

        Assert.Equal(gone, ExpectMsg<ClusterEvent.MemberDowned>().Member.Address);
    }

    /// <summary>No name is found, or no port is reachable: this coordinator is cut off.</summary>
    [Theory]
    [InlineData(SocketError.HostNotFound, SocketError.HostNotFound)]
    [InlineData(SocketError.ConnectionRefused, SocketError.TimedOut)]
    [InlineData(SocketError.TimedOut, SocketError.Success)]
    [InlineData(SocketError.Success, SocketError.Success)]
    public async Task Coordinator_MayBeAlive_IsNotDowned(SocketError found, SocketError ofTheOther)
    {
        var (gone, other) = await FormAsync();
        (_found[HostPort.FromAddress(gone)], _found[HostPort.FromAddress(other)]) = (found, ofTheOther);

        Break(gone);
        // A new probe starts after the previous one, which takes 5 s at most.
        await AwaitAssertAsync(() => Assert.True(Volatile.Read(ref _looks) > 0));
        var looks = Volatile.Read(ref _looks);
        _found[HostPort.FromAddress(gone)] = SocketError.Success;
        await AwaitAssertAsync(() =>
        {
            Break(gone);
            Assert.True(Volatile.Read(ref _looks) > looks + 1);
        }, LoneCoordinator.Longest);
        _cluster.Leave(_cluster.SelfAddress);

        // A removal would be reported before this event.
        ExpectMsg<ClusterEvent.MemberLeft>();
    }

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        foreach (var system in _others)
            system.Terminate().Wait(LoneCoordinator.Longest);
        base.AfterAll();
    }

    private void Break(Address peer) => Sys.EventStream.Publish(new DisassociatedEvent(_cluster.SelfAddress, peer, inbound: false));

    private Task<SocketError> Connect(HostPort at)
    {
        var isFirst = Interlocked.Increment(ref _looks) == 1;
        return Task.FromResult(isFirst && _foundAtFirst is { } found ? found : _found[at]);
    }

    private async Task<(Address One, Address Other)> FormAsync()
    {
        await _cluster.JoinAsync(_cluster.SelfAddress).WaitAsync(LoneCoordinator.Longest);
        for (var i = 0; i < 2; i++)
        {
            var system = ActorSystem.Create(Sys.Name, LoneCoordinator.Configuration);
            _others.Add(system);
            await Akka.Cluster.Cluster.Get(system).JoinAsync(_cluster.SelfAddress).WaitAsync(LoneCoordinator.Longest);
        }

        var addresses = _others.Select(system => Akka.Cluster.Cluster.Get(system).SelfAddress).ToList();
        await AwaitAssertAsync(() => Assert.Equal(3, _cluster.State.Members.Count(member => member.Status == MemberStatus.Up)),
            LoneCoordinator.Longest);
        _cluster.Subscribe(TestActor, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.MemberDowned),
            typeof(ClusterEvent.MemberLeft));
        ExpectMsg<ClusterEvent.CurrentClusterState>();
        return (addresses[0], addresses[1]);
    }
}
