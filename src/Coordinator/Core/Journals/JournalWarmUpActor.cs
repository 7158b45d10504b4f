using Actors.Messages.Pools;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Journals;

/// <summary>
/// Reads, writes and deletes a journal once when a coordinator starts. The first use of a database loads and compiles a lot of code, which
/// would otherwise slow down the first failover.
/// </summary>
public sealed class JournalWarmUpActor : HandlerActor
{
    /// <param name="at">The address of this coordinator, which makes the name of the journal unique.</param>
    /// <param name="plugins">The plugins of the store.</param>
    public JournalWarmUpActor(string at, JournalPlugins plugins)
    {
        var self = Self;
        var journal = Context.ActorOf(ActorProps.Create(() => new JournalActor("rehearsal-" + at, self, plugins)), "journal");
        Receive<JournalProtocol.RecordRead>(_ => { });
        Receive<JournalProtocol.ReadCompleted>(
            _ => journal.Tell(new JournalProtocol.WriteRecord(new PoolRecord(0, null, [], [], [], [], [], IsClosed: false))));
        Receive<JournalProtocol.RecordWritten>(_ => journal.Tell(new JournalProtocol.DeleteJournal()));
        Receive<JournalProtocol.JournalDeleted>(_ => Context.Stop(Self));
        Receive<JournalProtocol.JournalFailed>(OnFailed);
    }

    /// <summary>Logs a failure now, before a pool needs the store.</summary>
    private void OnFailed(JournalProtocol.JournalFailed failed)
    {
        Context.System.EventStream.Publish(new LogEvent(LogSubject.Store, "", $"the store of durable pools {failed.Reason}"));
        Context.Stop(Self);
    }
}
