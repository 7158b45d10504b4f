using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>How a durable queue is written down, and read again.</summary>
internal sealed partial class QueueState
{
    /// <summary>Whether the call was given items that are not known to have arrived.</summary>
    public bool IsDelivered(Caller caller, long call) => _delivered.ContainsKey((caller, call));

    /// <summary>How many items a put that waits for room has put in already.</summary>
    public int CountPut(Caller caller, long call) => _putters.Calls.FirstOrDefault(waiting => waiting.IsCall(caller, call))?.DoneCount ?? 0;

    /// <summary>All of it.</summary>
    public QueueSnapshot ToSnapshot() => new(
        _lastPosition,
        [.. items.Items.Select(SaveItem)],
        [.. _delivered.Select(given => new DeliveredSnapshot(given.Key.Caller.Number, given.Key.Call, [.. given.Value.Select(SaveItem)]))],
        SaveCalls(_putters),
        SaveCalls(_getters),
        SaveCalls(_joiners),
        _unfinished.Count,
        [.. _unfinished.TakenByCaller.Select(taken => new UnfinishedSnapshot(taken.Key.Number, taken.Value))]);

    /// <summary>Becomes what the snapshot says; it must be new.</summary>
    public void RestoreSnapshot(QueueSnapshot snapshot)
    {
        _lastPosition = snapshot.LastPosition;
        foreach (var item in snapshot.Items)
            items.AddItem(RestoreItem(item));
        foreach (var given in snapshot.Delivered)
            _delivered[(new Caller(given.Caller), given.Call)] = [.. given.Items.Select(RestoreItem)];
        RestoreCalls(_putters, snapshot.Putters);
        RestoreCalls(_getters, snapshot.Getters);
        RestoreCalls(_joiners, snapshot.Joiners);
        _unfinished.RestoreCounts(snapshot.Unfinished, snapshot.UnfinishedByCaller.Select(taken => KeyValuePair.Create(new Caller(taken.Caller), taken.Count)));
    }

    private static ItemSnapshot SaveItem(QueueItem item) => new(item.Position, item.Payload);

    private static QueueItem RestoreItem(ItemSnapshot item) => new(item.Position, item.Payload);

    private static ImmutableArray<WaitingSnapshot> SaveCalls(WaitingCalls calls) =>
        [.. calls.Calls.Select(waiting => new WaitingSnapshot(waiting.Caller.Number, waiting.Call, waiting.Deadline.Ticks, waiting.DoneCount))];

    private static void RestoreCalls(WaitingCalls calls, ImmutableArray<WaitingSnapshot> saved)
    {
        foreach (var waiting in saved)
        {
            calls.AddCall(new WaitingCall(new Caller(waiting.Caller), waiting.Call, TimeSpan.Zero)
            {
                Deadline = TimeSpan.FromTicks(waiting.Deadline),
                DoneCount = waiting.Done,
            });
        }
    }
}
