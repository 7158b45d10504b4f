using System.Collections.Immutable;
using Actors.Remoting.Chaos;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;

namespace Actors.Durability;

/// <summary>
/// A journal that a chaos plan can make slow and failing. Only programs that were started with <c>--allow-chaos</c> use it. A slow disk
/// carries out one request after the other, so their order stays.
/// </summary>
internal sealed class FaultyJournal : SqlWriteJournal
{
    private readonly DiskFaults? _faults;
    private readonly Queue<(IJournalRequest Request, IActorRef Sender)> _waiting = [];

    /// <param name="config">The settings of the plugin.</param>
    public FaultyJournal(Akka.Configuration.Config config)
        : base(config) => _faults = ChaosSetup.FindSetup(Context.System)?.Disk;

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        switch (message)
        {
            case IJournalRequest request when _waiting.Count > 0 || _faults?.GetDelay() > TimeSpan.Zero:
                _waiting.Enqueue((request, Sender));
                if (_waiting.Count == 1)
                    ScheduleNext();
                return true;
            case RequestDue due:
                _waiting.Dequeue();
                if (_waiting.Count > 0)
                    ScheduleNext();
                return base.AroundReceive(receive, due.Request);
            default:
                return base.AroundReceive(receive, message);
        }
    }

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        _faults?.ThrowIfWriteFails();
        return base.WriteMessagesAsync(messages, cancellationToken);
    }

    private void ScheduleNext()
    {
        var (request, sender) = _waiting.Peek();
        Context.System.Scheduler.ScheduleTellOnce(_faults!.GetDelay(), Self, new RequestDue(request), sender);
    }

    private sealed record RequestDue(IJournalRequest Request);
}
