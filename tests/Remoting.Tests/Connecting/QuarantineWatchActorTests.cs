using Actors.Remoting.Connecting;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Remote;
using Akka.TestKit.Xunit2;

namespace Actors.Remoting.Tests.Connecting;

/// <summary>Which quarantines need a new actor system.</summary>
public sealed class QuarantineWatchActorTests : TestKit
{
    private static readonly HostPort Coordinator = new("10.0.0.1", 4053);

    private readonly Address _address;

    public QuarantineWatchActorTests()
    {
        _address = Endpoints.SystemAddress(Sys, Coordinator);
        ActorOfAsTestActorRef<QuarantineWatchActor>(ActorProps.Create(() => new QuarantineWatchActor()), TestActor);
    }

    [Fact]
    public void Quarantine_OfAPeerThatStillRuns_IsReported()
    {
        Sys.EventStream.Publish(new QuarantinedEvent(_address, 7));
        Sys.EventStream.Publish(new PeerIntroduced(Coordinator, 7));

        Assert.Equal(_address, ExpectMsg<QuarantineWatchActor.CoordinatorQuarantined>().Address);
    }

    [Fact]
    public void Quarantine_OfAPeerThatWasRestarted_IsIgnored()
    {
        Sys.EventStream.Publish(new QuarantinedEvent(_address, 7));
        Sys.EventStream.Publish(new PeerIntroduced(Coordinator, 8));
        Sys.EventStream.Publish(new ThisActorSystemQuarantinedEvent(_address, _address.WithPort(1)));

        // The first report is that of the last event.
        Assert.Equal(1, ExpectMsg<QuarantineWatchActor.CoordinatorQuarantined>().Address.Port);
    }
}
