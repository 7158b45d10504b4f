using Akka.Actor;

namespace Actors.Coordinator.Tests;

public sealed class LogEventWriterTests
{
    [Fact]
    public async Task LogEvent_ActorStopsWithItsSystem_IsWritten()
    {
        var system = ActorSystem.Create("news");
        using var output = new StringWriter();
        LogEventWriter.StartWriting(system, output);
        var speaker = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new LastWords()), "speaker");
        await speaker.Ask<ActorIdentity>(new Identify(null));

        await system.Terminate();

        Assert.Equal("it ends\n", output.ToString());
    }

    /// <summary>Such as the reason of a database failure.</summary>
    [Fact]
    public async Task LogEvent_SeveralLines_IsWrittenAsOne()
    {
        var system = ActorSystem.Create("news");
        using var output = new StringWriter();
        LogEventWriter.StartWriting(system, output);

        system.EventStream.Publish(new LogEvent("cannot go on:\nDETAIL: none\r\n; 2 refused"));

        Assert.Equal("cannot go on: DETAIL: none ; 2 refused\n", output.ToString());
        await system.Terminate();
    }

    private sealed class LastWords : ReceiveActor
    {
        protected override void PostStop() => Context.System.EventStream.Publish(new LogEvent("it ends"));
    }
}
