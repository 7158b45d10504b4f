using Actors.Messages;
using Actors.Testing;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using AkkaConfig = Akka.Configuration.Config;

namespace Actors.Remoting.Tests;

/// <summary>What a peer that is not one of ours may try: both ends are real systems on loopback.</summary>
public sealed class RefusedMessagesTests : PatientTestKit
{
    /// <summary>A sender that has put the framework's own serializers back.</summary>
    private static readonly AkkaConfig Hostile = ConfigurationFactory.ParseString("""
        akka.actor {
          serializers {
            json = "Akka.Serialization.NewtonSoftJsonSerializer, Akka"
            daemon-create = "Akka.Remote.Serialization.DaemonMsgCreateSerializer, Akka.Remote"
          }
          serialization-bindings { "System.Object" = json }
          serialization-identifiers {
            "Akka.Serialization.NewtonSoftJsonSerializer, Akka" = 1
            "Akka.Remote.Serialization.DaemonMsgCreateSerializer, Akka.Remote" = 3
          }
          serialization-settings.allow-unregistered-types = on
        }
        """).WithFallback(RoleConfiguration.Client());

    private static readonly AkkaConfig Careless = ConfigurationFactory.ParseString(
        "akka { actor.provider = remote\n remote.dot-netty.tcp { hostname = \"127.0.0.1\"\n port = 0 }\n loglevel = OFF\n stdout-loglevel = OFF }");

    private static int _made;

    private readonly ActorSystem _peer = ActorSystem.Create("peer", Hostile);

    public RefusedMessagesTests()
        : base(RoleConfiguration.Client())
    {
    }

    [Fact]
    public void Message_OfTheJsonSerializer_IsNotMade()
    {
        _made = 0;
        var peer = RemoteOf(TestActor, Sys);
        peer.Tell(new Gadget { Name = "x" });
        peer.Tell(new CoordinatorProtocol.Hello(7, default, default));
        Assert.Equal(7, ExpectMsg<CoordinatorProtocol.Hello>(TimeSpan.FromSeconds(20)).Version);
        Assert.Equal(0, _made);
    }

    [Fact]
    public void Message_OfTheJsonSerializer_IsMadeByTheFramework()
    {
        // That the refusal is ours, and this test able to see it.
        _made = 0;
        using var careless = ActorSystem.Create("careless", Careless);
        var probe = new TestProbe(careless, Assertions);
        RemoteOf(probe, careless).Tell(new Gadget { Name = "x" });
        probe.ExpectMsg<Gadget>(TimeSpan.FromSeconds(20));
        Assert.Equal(1, _made);
        careless.Terminate();
    }

    [Fact]
    public void RemoteDeployment_MakesNoActor()
    {
        var deployed = _peer.ActorOf(Props.Create<Deployed>().WithDeploy(new Deploy(new RemoteScope(AddressOf(Sys)))), "deployed");
        var asker = new TestProbe(_peer, Assertions);
        deployed.Tell(new Identify(1), asker);
        Assert.Null(asker.ExpectMsg<ActorIdentity>(TimeSpan.FromSeconds(20)).Subject);
    }

    [Fact]
    public void Selection_ByAPattern_ReachesNobody()
    {
        var asker = new TestProbe(_peer, Assertions);
        var path = TestActor.Path.ToStringWithAddress(AddressOf(Sys));
        _peer.ActorSelection(path[..(path.LastIndexOf('/') + 1)] + "*").Tell(new CoordinatorProtocol.Hello(6, default, default), asker);
        _peer.ActorSelection(path).Tell(new CoordinatorProtocol.Hello(7, default, default), asker);
        Assert.Equal(7, ExpectMsg<CoordinatorProtocol.Hello>().Version);
    }

    protected override void AfterAll()
    {
        _peer.Terminate().Wait(TimeSpan.FromSeconds(20));
        base.AfterAll();
    }

    private IActorRef RemoteOf(IActorRef actor, ActorSystem system) => ((ExtendedActorSystem)_peer).Provider
        .ResolveActorRef(actor.Path.ToStringWithAddress(AddressOf(system)));

    private static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    /// <summary>Does something when it is made from bytes.</summary>
    public sealed class Gadget
    {
        private string _name = "";

        public string Name
        {
            get => _name;
            set
            {
                // The sender's own does not count.
                if (_name.Length == 0 && new System.Diagnostics.StackTrace().ToString().Contains("Newtonsoft", StringComparison.Ordinal))
                    Interlocked.Increment(ref _made);
                _name = value;
            }
        }
    }

    private sealed class Deployed : ReceiveActor;
}
