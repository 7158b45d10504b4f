using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>How a durable queue is written down, and read again.</summary>
internal sealed partial class QueueState
{
    /// <summary>Whether the call was given items that are not known to have arrived.</summary>
    public bool IsGiven(Caller caller, long call) => _given.ContainsKey((caller, call));

    /// <summary>How many items a put that waits for room has put in already.</summary>
    public int PutSoFar(Caller caller, long call) => _putters.All.FirstOrDefault(waiting => waiting.Is(caller, call))?.Done ?? 0;

    /// <summary>All of it.</summary>
    public QueueSnapshot ToSnapshot() => new(
        _lastPlace,
        [.. items.All.Select(Save)],
        [.. _given.Select(given => new DeliveredSnapshot(given.Key.Caller.Number, given.Key.Call, [.. given.Value.Select(Save)]))],
        Save(_putters),
        Save(_getters),
        Save(_joiners),
        _unfinished.Count,
        [.. _unfinished.AllTaken.Select(taken => new UnfinishedSnapshot(taken.Key.Number, taken.Value))]);

    /// <summary>Becomes what the snapshot says; it must be new.</summary>
    public void Restore(QueueSnapshot snapshot)
    {
        _lastPlace = snapshot.LastPosition;
        foreach (var item in snapshot.Items)
            items.Add(Restored(item));
        foreach (var given in snapshot.Delivered)
            _given[(new Caller(given.Caller), given.Call)] = [.. given.Items.Select(Restored)];
        Restore(_putters, snapshot.Putters);
        Restore(_getters, snapshot.Getters);
        Restore(_joiners, snapshot.Joiners);
        _unfinished.Restore(snapshot.Unfinished, snapshot.UnfinishedByCaller.Select(taken => KeyValuePair.Create(new Caller(taken.Caller), taken.Count)));
    }

    private static ItemSnapshot Save(QueueItem item) => new(item.Place, item.Payload);

    private static QueueItem Restored(ItemSnapshot item) => new(item.Position, item.Payload);

    private static ImmutableArray<WaitingSnapshot> Save(WaitingCalls calls) =>
        [.. calls.All.Select(waiting => new WaitingSnapshot(waiting.Caller.Number, waiting.Call, waiting.Deadline.Ticks, waiting.Done))];

    private static void Restore(WaitingCalls calls, ImmutableArray<WaitingSnapshot> saved)
    {
        foreach (var waiting in saved)
        {
            calls.Add(new WaitingCall(new Caller(waiting.Caller), waiting.Call, TimeSpan.Zero)
            {
                Deadline = TimeSpan.FromTicks(waiting.Deadline),
                Done = waiting.Done,
            });
        }
    }
}
