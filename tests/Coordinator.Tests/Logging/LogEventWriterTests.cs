using Actors.Coordinator.Logging;
using Actors.Coordinator.Pools;
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

        Assert.Equal((LogLevel.Information, 113, "durable queue 'jobs': it ends"), Assert.Single(log.Events));
    }

    [Theory]
    [InlineData((int)LogSubject.Coordinator, 110, LogLevel.Information)]
    [InlineData((int)LogSubject.WorkerNode, 111, LogLevel.Information)]
    [InlineData((int)LogSubject.DurableQueue, 113, LogLevel.Information)]
    [InlineData((int)LogSubject.DurableQueue, 115, LogLevel.Warning, true)]
    [InlineData((int)LogSubject.Store, 114, LogLevel.Error)]
    public async Task LogEvent_EachSubject_HasItsIdLevelAndText(int subject, int id, LogLevel level, bool isProblem = false)
    {
        var system = ActorSystem.Create("news");
        var log = new RecordedLog();
        LogEventWriter.StartWriting(system, log);
        var published = new LogEvent((LogSubject)subject, "name", "has changed", isProblem);

        system.EventStream.Publish(published);

        Assert.Equal((level, id, published.Text), Assert.Single(log.Events));
        await system.Terminate();
    }

    /// <summary>A new event needs a row here, and an id of its own.</summary>
    [Fact]
    public async Task DurablePoolEvent_EachKind_HasItsIdAndText()
    {
        var system = ActorSystem.Create("news");
        var log = new RecordedLog();
        LogEventWriter.StartWriting(system, log);
        (DurablePoolEvent Event, LogLevel Level, int Id, string Text)[] rows =
        [
            (new DurablePoolEvent.Loading("p", 7), LogLevel.Information, 120, "loading: 7 jobs so far"),
            (new DurablePoolEvent.Started("p", 1, 2), LogLevel.Information, 121, "runs here; 1 jobs pending, 2 results retained"),
            (new DurablePoolEvent.Interrupted("p", "full", 3), LogLevel.Warning, 122,
                "cannot continue here: full; 3 completions were refused"),
            (new DurablePoolEvent.Stopped("p", 4), LogLevel.Warning, 123,
                "stops here; 4 completions were refused: they were not written in time"),
            (new DurablePoolEvent.OutcomesRefused("p", 5), LogLevel.Warning, 124, "5 completions were refused: they arrived too late"),
            (new DurablePoolEvent.BuildFailed("p", "no code"), LogLevel.Warning, 125, "has failed: no code"),
            (new DurablePoolEvent.Paused("p", 6), LogLevel.Warning, 126, "its jobs wait: too many results are retained (6 bytes)"),
            (new DurablePoolEvent.Resumed("p", 5), LogLevel.Information, 127, "its jobs run again (5 bytes of results are retained)"),
            (new DurablePoolEvent.WaitingForBuild("p", 2, "render"), LogLevel.Warning, 128,
                "2 jobs named 'render' wait: no build in use knows the name"),
            (new DurablePoolEvent.NotCompacted("p", "a snapshot"), LogLevel.Warning, 129, "a snapshot"),
            (new DurablePoolEvent.Closed("p", 8), LogLevel.Information, 130, "is closed; 8 jobs pending"),
            (new DurablePoolEvent.Unloaded("p", 9), LogLevel.Information, 131, "is unloaded; 9 results retained"),
            (new DurablePoolEvent.Deleted("p"), LogLevel.Information, 132, "is deleted"),
        ];

        foreach (var row in rows)
            system.EventStream.Publish(row.Event);

        Assert.Equal(rows.Select(row => (row.Level, row.Id, $"durable pool 'p': {row.Text}")), log.Events);
        Assert.Equal(
            typeof(DurablePoolEvent).GetNestedTypes().ToHashSet(), rows.Select(row => row.Event.GetType()).ToHashSet());
        await system.Terminate();
    }

    private sealed class LastWords : ReceiveActor
    {
        protected override void PostStop() =>
            Context.System.EventStream.Publish(new LogEvent(LogSubject.DurableQueue, "jobs", "it ends"));
    }
}
