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

    /// <summary>Such as why a database could not write.</summary>
    [Fact]
    public async Task News_OfSeveralLines_IsOne()
    {
        var system = ActorSystem.Create("news");
        using var output = new StringWriter();
        NewsWriter.Follow(system, output);

        system.EventStream.Publish(new News("cannot go on:\nDETAIL: none\r\n; 2 refused"));

        Assert.Equal("cannot go on: DETAIL: none ; 2 refused\n", output.ToString());
        await system.Terminate();
    }

    private sealed class LastWords : ReceiveActor
    {
        protected override void PostStop() => Context.System.EventStream.Publish(new News("it ends"));
    }
}
