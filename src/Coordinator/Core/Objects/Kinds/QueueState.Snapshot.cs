using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Saves the state of a durable queue to a snapshot, and restores it.</summary>
public sealed partial class QueueState
{
    /// <summary>Whether items were delivered to the call and their receipt is not confirmed.</summary>
    public bool IsDelivered(Caller caller, long call) =>
        _delivered.ContainsKey((caller, call)) || _leases.IsUnconfirmed(caller, call);

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
        [.. _unfinished.TakenByCaller.Select(received => new UnfinishedSnapshot(received.Key.Number, received.Value))],
        [.. _leases.All.Select(lease => new LeaseSnapshot(lease.Number, lease.Caller.Number, lease.Call, SaveItem(lease.Item)))],
        _leases.LastNumber,
        [.. AllItems.Where(item => item.Returns > 0).Select(item => new ReturnedSnapshot(item.Position, item.Returns))],
        [.. _keys.All]);

    private IEnumerable<QueueItem> AllItems =>
        items.Items.Concat(_delivered.Values.SelectMany(delivered => delivered)).Concat(_leases.All.Select(lease => lease.Item));

    /// <summary>Restores a new state from a snapshot.</summary>
    public void RestoreSnapshot(QueueSnapshot snapshot)
    {
        _lastPosition = snapshot.LastPosition;
        var returns = (snapshot.Returned.IsDefault ? [] : snapshot.Returned).ToDictionary(item => item.Position, item => item.Count);
        foreach (var item in snapshot.Items)
            items.AddItem(RestoreItem(item));
        foreach (var delivery in snapshot.Delivered)
            _delivered[(new Caller(delivery.Caller), delivery.Call)] = [.. delivery.Items.Select(RestoreItem)];
        foreach (var lease in snapshot.Leases.IsDefault ? [] : snapshot.Leases)
            _leases.RestoreLease(new ItemLease(lease.Number, new Caller(lease.Caller), lease.Call, RestoreItem(lease.Item)));
        _leases.RestoreLastNumber(snapshot.LastLease);
        _itemBytes = AllItems.Sum(item => ObjectSizes.MeasureValue(item.Payload));
        foreach (var key in snapshot.Keys.IsDefault ? [] : snapshot.Keys)
            _keys.RestoreKey(key);
        RestoreCalls(_putters, snapshot.Putters);
        RestoreCalls(_getters, snapshot.Getters);
        RestoreCalls(_joiners, snapshot.Joiners);
        var unfinished = snapshot.UnfinishedByCaller.Select(received => KeyValuePair.Create(new Caller(received.Caller), received.Count));
        _unfinished.RestoreCounts(snapshot.Unfinished, unfinished);

        QueueItem RestoreItem(ItemSnapshot item) => new(item.Position, item.Payload, returns.GetValueOrDefault(item.Position));
    }

    private static ItemSnapshot SaveItem(QueueItem item) => new(item.Position, item.Payload);

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
