using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Saves the state of a durable queue to a snapshot, and restores it.</summary>
internal sealed partial class QueueState
{
    /// <summary>Whether items were delivered to the call and their receipt is not confirmed.</summary>
    public bool IsDelivered(Caller caller, long call) => _delivered.ContainsKey((caller, call));

    /// <summary>Gets the number of items that a waiting put has stored.</summary>
    public int CountPut(Caller caller, long call) => _putters.Calls.FirstOrDefault(waiting => waiting.IsCall(caller, call))?.DoneCount ?? 0;

    /// <summary>Creates a snapshot of the whole state.</summary>
    public QueueSnapshot ToSnapshot() => new(
        _lastPosition,
        [.. items.Items.Select(SaveItem)],
        [.. _delivered.Select(
            delivery => new DeliveredSnapshot(delivery.Key.Caller.Number, delivery.Key.Call, [.. delivery.Value.Select(SaveItem)]))],
        SaveCalls(_putters),
        SaveCalls(_getters),
        SaveCalls(_joiners),
        _unfinished.Count,
        [.. _unfinished.TakenByCaller.Select(received => new UnfinishedSnapshot(received.Key.Number, received.Value))]);

    /// <summary>Restores a new state from a snapshot.</summary>
    public void RestoreSnapshot(QueueSnapshot snapshot)
    {
        _lastPosition = snapshot.LastPosition;
        foreach (var item in snapshot.Items)
            items.AddItem(RestoreItem(item));
        Size = snapshot.Items.Concat(snapshot.Delivered.SelectMany(delivery => delivery.Items))
            .Sum(item => ObjectSizes.MeasureValue(item.Payload));
        foreach (var delivery in snapshot.Delivered)
            _delivered[(new Caller(delivery.Caller), delivery.Call)] = [.. delivery.Items.Select(RestoreItem)];
        RestoreCalls(_putters, snapshot.Putters);
        RestoreCalls(_getters, snapshot.Getters);
        RestoreCalls(_joiners, snapshot.Joiners);
        var unfinished = snapshot.UnfinishedByCaller.Select(received => KeyValuePair.Create(new Caller(received.Caller), received.Count));
        _unfinished.RestoreCounts(snapshot.Unfinished, unfinished);
    }

    private static ItemSnapshot SaveItem(QueueItem item) => new(item.Position, item.Payload);

    private static QueueItem RestoreItem(ItemSnapshot item) => new(item.Position, item.Payload);

    private static ImmutableArray<WaitingSnapshot> SaveCalls(WaitingCalls calls) =>
        [.. calls.Calls.Select(
            waiting => new WaitingSnapshot(waiting.Caller.Number, waiting.Call, waiting.Deadline.Ticks, waiting.DoneCount))];

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
