using Actors.Coordinator.Logging;
using Actors.Testing;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Actors.Coordinator.Tests.Logging;

public sealed class LogEventWriterTests
{
    [Fact]
    public async Task LogEvent_ActorStopsWithItsSystem_IsLogged()
    {
        var system = ActorSystem.Create("news");
        var log = new RecordedLog();
        LogEventWriter.StartWriting(system, log);
        var speaker = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new LastWords()), "speaker");
        await speaker.Ask<ActorIdentity>(new Identify(null));

        await system.Terminate();

        Assert.Equal((LogLevel.Information, 112, "durable pool 'jobs': it ends"), Assert.Single(log.Events));
    }

    [Theory]
    [InlineData((int)LogSubject.Coordinator, 110)]
    [InlineData((int)LogSubject.WorkerNode, 111)]
    [InlineData((int)LogSubject.DurablePool, 112)]
    [InlineData((int)LogSubject.DurableQueue, 113)]
    [InlineData((int)LogSubject.Store, 114)]
    public async Task LogEvent_EachSubject_HasItsIdAndText(int subject, int id)
    {
        var system = ActorSystem.Create("news");
        var log = new RecordedLog();
        LogEventWriter.StartWriting(system, log);
        var published = new LogEvent((LogSubject)subject, "name", "has changed");

        system.EventStream.Publish(published);

        Assert.Equal((LogLevel.Information, id, published.Text), Assert.Single(log.Events));
        await system.Terminate();
    }

    private sealed class LastWords : ReceiveActor
    {
        protected override void PostStop() =>
            Context.System.EventStream.Publish(new LogEvent(LogSubject.DurablePool, "jobs", "it ends"));
    }
}
