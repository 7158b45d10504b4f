using System.Runtime.Serialization;
using Actors.Messages;
using Actors.Testing;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.SysMsg;
using Akka.Serialization;
using Akka.TestKit;
using AkkaConfig = Akka.Configuration.Config;

namespace Actors.Remoting.Tests;

/// <summary>Attacks by an authenticated peer through its serializers. Both ends are real systems on loopback.</summary>
public sealed class RefusedMessagesTests : PatientTestKit
{
    /// <summary>A sender that uses the serializers of the framework.</summary>
    private static readonly AkkaConfig Hostile = ConfigurationFactory.ParseString("""
        akka.actor {
          serializers {
            json = "Akka.Serialization.NewtonSoftJsonSerializer, Akka"
            daemon-create = "Akka.Remote.Serialization.DaemonMsgCreateSerializer, Akka.Remote"
            akka-misc = "Akka.Remote.Serialization.MiscMessageSerializer, Akka.Remote"
            akka-system-msg = "Akka.Remote.Serialization.SystemMessageSerializer, Akka.Remote"
            nothing = "Actors.Remoting.Tests.RefusedMessagesTests+EmptySerializer, Actors.Remoting.Tests"
            foreign = "Actors.Remoting.Tests.RefusedMessagesTests+ForeignSerializer, Actors.Remoting.Tests"
          }
          serialization-bindings {
            "System.Object" = json
            "Actors.Remoting.Tests.RefusedMessagesTests+Empty, Actors.Remoting.Tests" = nothing
            "Actors.Remoting.Tests.RefusedMessagesTests+Foreign, Actors.Remoting.Tests" = foreign
          }
          serialization-identifiers {
            "Akka.Serialization.NewtonSoftJsonSerializer, Akka" = 1
            "Akka.Remote.Serialization.DaemonMsgCreateSerializer, Akka.Remote" = 3
            "Akka.Remote.Serialization.MiscMessageSerializer, Akka.Remote" = 16
            "Akka.Remote.Serialization.SystemMessageSerializer, Akka.Remote" = 22
          }
          serialization-settings.allow-unregistered-types = on
        }
        """).WithFallback(UnprovenLinks.Of(RoleConfiguration.CreateClient()));

    private static readonly AkkaConfig Careless = ConfigurationFactory.ParseString(
        """
        akka {
          actor.provider = remote, loglevel = OFF, stdout-loglevel = OFF
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        }
        """);

    private static int _made;

    private readonly ActorSystem _peer = ActorSystem.Create("peer", Hostile);

    public RefusedMessagesTests()
        : base(UnprovenLinks.Of(RoleConfiguration.CreateClient()))
    {
    }

    [Fact]
    public void JsonMessage_FromAPeer_CreatesNothing()
    {
        _made = 0;
        var peer = RemoteOf(TestActor, Sys);
        peer.Tell(new Gadget { Name = "x" });
        peer.Tell(new CoordinatorProtocol.Handshake(7));
        Assert.Equal(7, ExpectMsg<CoordinatorProtocol.Handshake>(TimeSpan.FromSeconds(20)).Version);
        Assert.Equal(0, _made);
    }

    [Fact]
    public void JsonMessage_WithTheSerializerOfTheFramework_IsCreated()
    {
        // Shows that this library refuses the message, and that the test would detect its delivery.
        _made = 0;
        using var careless = ActorSystem.Create("careless", Careless);
        var probe = new TestProbe(careless, Assertions);
        RemoteOf(probe, careless).Tell(new Gadget { Name = "x" });
        probe.ExpectMsg<Gadget>(TimeSpan.FromSeconds(20));
        Assert.Equal(1, _made);
        careless.Terminate();
    }

    [Theory]
    [InlineData("failure")]
    [InlineData("nothing")]
    [InlineData("foreign")]
    public void Message_NamesAType_CreatesNothing(string kind)
    {
        CountableException.Made = 0;
        var peer = (IInternalActorRef)RemoteOf(TestActor, Sys);
        Send(peer, kind);
        peer.Tell(new CoordinatorProtocol.Handshake(7));
        Assert.Equal(7, ExpectMsg<CoordinatorProtocol.Handshake>(TimeSpan.FromSeconds(20)).Version);
        Assert.Equal(0, CountableException.Made);
    }

    [Fact]
    public void SystemMessage_NamesAType_CreatesNothing()
    {
        CountableException.Made = 0;
        var peer = (IInternalActorRef)RemoteOf(TestActor, Sys);
        peer.SendSystemMessage(new Recreate(new CountableException("x")));
        ExpectHelloAfterASystemMessage(peer);
        Assert.Equal(0, CountableException.Made);
    }

    [Theory]
    [InlineData("failure")]
    [InlineData("nothing")]
    public void Message_NamesATypeToTheFramework_IsCreated(string kind)
    {
        CountableException.Made = 0;
        using var careless = ActorSystem.Create("careless", Careless);
        var probe = new TestProbe(careless, Assertions);
        var peer = (IInternalActorRef)RemoteOf(probe, careless);
        Send(peer, kind);
        peer.Tell(new Identify(1), new TestProbe(_peer, Assertions));
        peer.Tell("the last");
        probe.FishForMessage<string>(_ => true, TimeSpan.FromSeconds(20));
        Assert.Equal(1, CountableException.Made);
        careless.Terminate();
    }

    [Fact]
    public void StopMessage_FromAPeer_IsRefused()
    {
        var peer = (IInternalActorRef)RemoteOf(TestActor, Sys);
        peer.Tell(PoisonPill.Instance);
        peer.Tell(Kill.Instance);
        peer.Stop();
        ExpectHelloAfterASystemMessage(peer);
    }

    [Fact]
    public async Task Failure_BetweenOwnSystems_IsSentAsText()
    {
        var ours = ActorSystem.Create("ours", UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        var asker = new TestProbe(ours, Assertions);
        RemoteOf(asker, ours, Sys).Tell(new Status.Failure(new CountableException("the reason")));
        Assert.Equal("the reason",
            Assert.IsType<Actors.Remoting.Serialization.RemoteFailureException>(asker.ExpectMsg<Status.Failure>(TimeSpan.FromSeconds(20))
            .Cause).Message);
        await ours.Terminate();
    }

    [Fact]
    public void DeathWatch_RemoteActor_ReportsItsEnd()
    {
        var watched = _peer.ActorOf(Props.Create<Deployed>());
        RemoteOf(watched, _peer, Sys).Tell(new Identify(1), TestActor);
        var remote = ExpectMsg<ActorIdentity>(TimeSpan.FromSeconds(20)).Subject;
        Watch(remote);
        remote.Tell(new Identify(2), TestActor);
        ExpectMsg<ActorIdentity>(TimeSpan.FromSeconds(20));
        _peer.Stop(watched);
        ExpectTerminated(remote, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void RemoteDeployment_FromAPeer_CreatesNoActor()
    {
        var deployed = _peer.ActorOf(Props.Create<Deployed>().WithDeploy(new Deploy(new RemoteScope(AddressOf(Sys)))), "deployed");
        var asker = new TestProbe(_peer, Assertions);
        deployed.Tell(new Identify(1), asker);
        Assert.Null(asker.ExpectMsg<ActorIdentity>(TimeSpan.FromSeconds(20)).Subject);
    }

    [Fact]
    public void Selection_ByAPattern_ReachesNoActor()
    {
        var asker = new TestProbe(_peer, Assertions);
        var path = TestActor.Path.ToStringWithAddress(AddressOf(Sys));
        _peer.ActorSelection(path[..(path.LastIndexOf('/') + 1)] + "*").Tell(new CoordinatorProtocol.Handshake(6), asker);
        _peer.ActorSelection(path).Tell(new CoordinatorProtocol.Handshake(7), asker);
        Assert.Equal(7, ExpectMsg<CoordinatorProtocol.Handshake>().Version);
    }

    protected override void AfterAll()
    {
        _peer.Terminate().Wait(TimeSpan.FromSeconds(20));
        base.AfterAll();
    }

    /// <summary>
    /// The refusal of a system message closes the connection. Other messages on it are repeated until they are acknowledged.
    /// </summary>
    private void ExpectHelloAfterASystemMessage(IActorRef peer) => AwaitAssert(
        () =>
        {
            peer.Tell(new CoordinatorProtocol.Handshake(7));
            Assert.Equal(7, ExpectMsg<CoordinatorProtocol.Handshake>(TimeSpan.FromMilliseconds(500)).Version);
        },
        TimeSpan.FromSeconds(20),
        TimeSpan.FromMilliseconds(10));

    private static void Send(IInternalActorRef peer, string kind)
    {
        switch (kind)
        {
            case "failure": peer.Tell(new Status.Failure(new CountableException("x"))); break;
            case "nothing": peer.Tell(new Empty()); break;
            default: peer.Tell(new Foreign()); break;
        }
    }

    private IActorRef RemoteOf(IActorRef actor, ActorSystem system) => RemoteOf(actor, system, _peer);

    private static IActorRef RemoteOf(IActorRef actor, ActorSystem system, ActorSystem from) => ((ExtendedActorSystem)from).Provider
        .ResolveActorRef(actor.Path.ToStringWithAddress(AddressOf(system)));

    private static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    /// <summary>Has an effect when it is created from bytes.</summary>
    public sealed class Gadget
    {
        private string _name = "";

        public string Name
        {
            get => _name;
            set
            {
                // The instance of the sender does not count.
                if (_name.Length == 0 && new System.Diagnostics.StackTrace().ToString().Contains("Newtonsoft", StringComparison.Ordinal))
                    Interlocked.Increment(ref _made);
                _name = value;
            }
        }
    }

    private sealed class Deployed : ReceiveActor;

    /// <summary>Counts the instances that bytes of a peer create.</summary>
    public sealed class CountableException : Exception
    {
        public CountableException() => Made++;

        public CountableException(string message)
            : base(message)
        {
        }

#pragma warning disable SYSLIB0051 // The framework calls this constructor.
        private CountableException(SerializationInfo info, StreamingContext context)
            : base(info, context) => Made++;
#pragma warning restore SYSLIB0051

        public static int Made { get; set; }
    }

    public sealed class Empty;

    public sealed class Foreign;

    /// <summary>Pretends to be the Protobuf serializer of the framework, and names a type that does not exist.</summary>
    public sealed class EmptySerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 2;

        public override string Manifest(object o) => typeof(CountableException).AssemblyQualifiedName!;

        public override byte[] ToBinary(object obj) => [];

        public override object FromBinary(byte[] bytes, string manifest) => throw new NotSupportedException();
    }

    /// <summary>A serializer with an unknown number.</summary>
    public sealed class ForeignSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 4711;

        public override string Manifest(object o) => typeof(CountableException).AssemblyQualifiedName!;

        public override byte[] ToBinary(object obj) => [1, 2, 3];

        public override object FromBinary(byte[] bytes, string manifest) => throw new NotSupportedException();
    }
}
