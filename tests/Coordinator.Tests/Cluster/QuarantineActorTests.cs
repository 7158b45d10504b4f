using Actors.Coordinator.Cluster;
using Actors.Remoting;
using Actors.Testing;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote;

namespace Actors.Coordinator.Tests.Cluster;

/// <summary>A coordinator that another one takes nothing from any more.</summary>
public sealed class QuarantineActorTests : PatientTestKit
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Without the resolver, which would end the coordinator too, later; and nobody waits to leave a cluster whose other member does not answer.</summary>
    private static readonly Config OfACoordinator = ConfigurationFactory
        .ParseString("akka { cluster.downing-provider-class = \"\"\n coordinated-shutdown.run-by-actor-system-terminate = off }")
        .WithFallback(RoleConfiguration.Coordinator(new HostPort("127.0.0.1", 0), [], null));

    private readonly Akka.Cluster.Cluster _cluster;
    private readonly IActorRef _actor;

    public QuarantineActorTests()
        : base(OfACoordinator)
    {
        _cluster = Akka.Cluster.Cluster.Get(Sys);
        _actor = Sys.ActorOf(Props.Create(() => new QuarantineActor()));
    }

    [Fact]
    public async Task Coordinator_QuarantinedByAnother_EndsByItself()
    {
        var system = ActorSystem.Create(Sys.Name, OfACoordinator);
        try
        {
            var other = Akka.Cluster.Cluster.Get(system);
            await other.JoinAsync(other.SelfAddress).WaitAsync(Longest);
            await _cluster.JoinAsync(other.SelfAddress).WaitAsync(Longest);

            ((IRemoteActorRefProvider)((ExtendedActorSystem)system).Provider).Quarantine(_cluster.SelfAddress, _cluster.SelfUniqueAddress.Uid);

            await Sys.WhenTerminated.WaitAsync(Longest);
            Assert.True(_cluster.IsTerminated);
        }
        finally
        {
            await system.Terminate();
        }
    }

    [Fact]
    public async Task Coordinator_QuarantinedByAClient_GoesOn()
    {
        await _cluster.JoinAsync(_cluster.SelfAddress).WaitAsync(Longest);
        _cluster.Subscribe(TestActor, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.MemberDowned), typeof(ClusterEvent.MemberLeft));
        ExpectMsg<ClusterEvent.CurrentClusterState>();

        Sys.EventStream.Publish(new ThisActorSystemQuarantinedEvent(_cluster.SelfAddress, Address.Parse("akka.tcp://client@127.0.0.1:1")));
        await _actor.Ask<ActorIdentity>(new Identify(null), Longest);
        _cluster.Leave(_cluster.SelfAddress);

        // Were it given up, that would be heard before.
        ExpectMsg<ClusterEvent.MemberLeft>();
    }
}
