using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Journals;

/// <summary>
/// Reads, writes and deletes once when a coordinator starts, as whoever takes a pool over does. The first use of a database loads and compiles so much that it would be a good
/// part of the first failover, and on a busy machine most of it.
/// </summary>
internal sealed class JournalWarmUpActor : ReceiveActor
{
    /// <param name="at">Where this coordinator listens: nobody else has a journal of that name.</param>
    /// <param name="plugins">Where it would write.</param>
    public JournalWarmUpActor(string at, JournalPlugins plugins)
    {
        var self = Self;
        var journal = Context.ActorOf(Props.Create(() => new JournalActor("rehearsal-" + at, self, plugins)), "journal");
        Receive<JournalProtocol.RecordRead>(_ => { });
        Receive<JournalProtocol.ReadCompleted>(_ => journal.Tell(new JournalProtocol.WriteRecord(new PoolRecord(0, null, [], [], [], [], [], IsClosed: false))));
        Receive<JournalProtocol.RecordWritten>(_ => journal.Tell(new JournalProtocol.DeleteJournal()));
        Receive<JournalProtocol.JournalDeleted>(_ => Context.Stop(Self));
        Receive<JournalProtocol.JournalFailed>(OnFailed);
    }

    /// <summary>Pools say the same when they are asked for; whoever looks after the coordinator hears it before.</summary>
    private void OnFailed(JournalProtocol.JournalFailed failed)
    {
        Context.System.EventStream.Publish(new LogEvent($"the store of durable pools {failed.Reason}"));
        Context.Stop(Self);
    }
}
