using Actors.Coordinator.Cluster;
using Actors.Testing;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;

namespace Actors.Coordinator.Tests.Cluster;

/// <summary>A coordinator that another one has quarantined.</summary>
public sealed class QuarantineActorTests : PatientTestKit
{
    private readonly Akka.Cluster.Cluster _cluster;
    private readonly IActorRef _actor;

    public QuarantineActorTests()
        : base(LoneCoordinator.Configuration)
    {
        _cluster = Akka.Cluster.Cluster.Get(Sys);
        _actor = Sys.ActorOf(Props.Create(() => new QuarantineActor()));
    }

    [Fact]
    public async Task Coordinator_QuarantinedByAnother_DownsItself()
    {
        var system = ActorSystem.Create(Sys.Name, LoneCoordinator.Configuration);
        try
        {
            var other = Akka.Cluster.Cluster.Get(system);
            await other.JoinAsync(other.SelfAddress).WaitAsync(LoneCoordinator.Longest);
            await _cluster.JoinAsync(other.SelfAddress).WaitAsync(LoneCoordinator.Longest);

            ((IRemoteActorRefProvider)((ExtendedActorSystem)system).Provider)
                .Quarantine(_cluster.SelfAddress, _cluster.SelfUniqueAddress.Uid);

            await Sys.WhenTerminated.WaitAsync(LoneCoordinator.Longest);
            Assert.True(_cluster.IsTerminated);
        }
        finally
        {
            await system.Terminate();
        }
    }

    [Fact]
    public async Task Coordinator_QuarantinedByAClient_Continues()
    {
        await _cluster.JoinAsync(_cluster.SelfAddress).WaitAsync(LoneCoordinator.Longest);
        _cluster.Subscribe(TestActor, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.MemberDowned),
            typeof(ClusterEvent.MemberLeft));
        ExpectMsg<ClusterEvent.CurrentClusterState>();

        Sys.EventStream.Publish(new ThisActorSystemQuarantinedEvent(_cluster.SelfAddress, Address.Parse("akka.tcp://client@127.0.0.1:1")));
        await _actor.Ask<ActorIdentity>(new Identify(null), LoneCoordinator.Longest);
        _cluster.Leave(_cluster.SelfAddress);

        // A removal would be reported before this event.
        ExpectMsg<ClusterEvent.MemberLeft>();
    }
}
