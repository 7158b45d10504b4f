using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Remoting.Tests.Dispatch;

public sealed class BrokenConnectionsTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly Address Own = new("akka.tcp", "actors", "10.0.0.1", 4051);
    private static readonly Address One = new("akka.tcp", "actors", "10.0.0.2", 40000);
    private static readonly Address Other = new("akka.tcp", "actors", "10.0.0.2", 40001);

    private BrokenConnections Connections => BrokenConnections.Get(Sys);

    [Fact]
    public void AddObserver_ConnectionBreaks_IsToldOnce()
    {
        Connections.AddObserver(One, TestActor);
        Connections.AddObserver(One, TestActor);

        Break(Other);
        Break(One);
        Break(One);

        Assert.Equal(One, ExpectMsg<DisassociatedEvent>().RemoteAddress);
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void RemoveObserver_OfOnePeer_IsToldOfTheOther()
    {
        Connections.AddObserver(One, TestActor);
        Connections.AddObserver(Other, TestActor);

        Connections.RemoveObserver(One, TestActor);
        Connections.RemoveObserver(One, TestActor);
        Break(One);
        Break(Other);

        Assert.Equal(Other, ExpectMsg<DisassociatedEvent>().RemoteAddress);
        ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>The event stream calls its subscribers on the thread that publishes.</summary>
    private void Break(Address peer) => Sys.EventStream.Publish(new DisassociatedEvent(Own, peer, inbound: true));
}
