using Akka.Actor;

namespace Actors.Coordinator.Tests;

public sealed class NewsWriterTests
{
    [Fact]
    public async Task LastWords_OfAnActorThatEndsWithItsSystem_AreWritten()
    {
        var system = ActorSystem.Create("news");
        using var output = new StringWriter();
        NewsWriter.Follow(system, output);
        var speaker = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new LastWords()), "speaker");
        await speaker.Ask<ActorIdentity>(new Identify(null));

        await system.Terminate();

        Assert.Equal("it ends\n", output.ToString());
    }

    private sealed class LastWords : ReceiveActor
    {
        protected override void PostStop() => Context.System.EventStream.Publish(new DurableNews("it ends"));
    }
}
