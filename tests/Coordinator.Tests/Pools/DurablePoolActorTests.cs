using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>The actor of a durable pool, on a journal in memory.</summary>
public sealed class DurablePoolActorTests : PatientTestKit
{
    private static readonly JournalPlugins Plugins = new("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");

    [Fact]
    public void Reading_OfManyJobs_TellsHowFarItIs()
    {
        const int Jobs = 250_000;
        var (id, test) = (PoolId.New(), TestActor);
        var journal = Sys.ActorOf(Props.Create(() => new JournalActor(DurablePoolActor.JournalPrefix + id, test, Plugins)));
        ExpectMsg<JournalProtocol.Recovered>();
        for (var first = 1; first <= Jobs; first += 50_000)
        {
            var jobs = Enumerable.Range(first, 50_000).Select(job => new JobSpec(new JobId(job), new FunctionRef("f", default), default, 0, 1));
            journal.Tell(new JournalProtocol.Write(new PoolRecord(0, PoolSchedule.Spec() with { Name = "jobs" }, [.. jobs], [], [], [], [], false)));
            ExpectMsg<JournalProtocol.Written>();
        }

        Sys.EventStream.Subscribe(TestActor, typeof(DurableNews));
        Sys.ActorOf(Props.Create(() => new DurablePoolActor(id, test, Plugins, TimeProvider.System, "farewell", null)));

        Assert.Equal($"durable pool 'jobs': reading: {100_000:N0} jobs so far", ExpectMsg<DurableNews>().Text);
        Assert.Equal($"durable pool 'jobs': reading: {200_000:N0} jobs so far", ExpectMsg<DurableNews>().Text);
        Assert.StartsWith($"durable pool 'jobs': is here; {Jobs:N0} jobs wait", ((DurableNews)FishForMessage(message => message is DurableNews)).Text, StringComparison.Ordinal);
    }
}
