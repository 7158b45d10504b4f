using Actors.Runtime;
using Actors.Testing;
using Akka.Actor;
using Akka.Remote;
using Akka.TestKit;

namespace Actors.Client.Tests.Runtime;

/// <summary>The one actor that watches a coordinator, which the test plays.</summary>
public sealed class LinkWatchActorTests : PatientTestKit
{
    private readonly CancellationTokenSource _lost = new();
    private readonly TestProbe _coordinator;
    private readonly IActorRef _link;

    public LinkWatchActorTests()
    {
        _coordinator = CreateTestProbe();
        _link = Watch(Sys.ActorOf(Props.Create(() => new LinkWatchActor(_coordinator, _lost))));
    }

    [Fact]
    public void Link_CoordinatorEnds_EndsAfterMarkingTheLoss()
    {
        Sys.Stop(_coordinator);

        ExpectTerminated(_link);
        Assert.True(_lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Link_ConnectionBreaks_EndsAfterMarkingTheLoss()
    {
        await _link.Ask<ActorIdentity>(new Identify(null));

        Break(new Address("akka.tcp", "other"));
        await _link.Ask<ActorIdentity>(new Identify(null));
        Assert.False(_lost.IsCancellationRequested);

        Break(_coordinator.Ref.Path.Address);
        ExpectTerminated(_link);
        Assert.True(_lost.IsCancellationRequested);
    }

    private void Break(Address peer) => Sys.EventStream.Publish(new DisassociatedEvent(Address.AllSystems, peer, inbound: false));
}
