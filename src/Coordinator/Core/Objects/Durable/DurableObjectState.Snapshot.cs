using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>Saves the state to a snapshot, and restores it.</summary>
public sealed partial class DurableObjectState
{
    /// <summary>Creates a snapshot of the whole state. The object must exist.</summary>
    public ObjectSnapshot ToSnapshot() => new(
        LastAt,
        Spec ?? throw new InvalidOperationException("An object that was not made has nothing to keep."),
        _capacity,
        [.. _callers.Values.Select(SaveCaller)],
        _lastCaller,
        _queue!.ToSnapshot());

    /// <summary>Restores the state from a snapshot.</summary>
    public static DurableObjectState FromSnapshot(ObjectSnapshot snapshot)
    {
        var state = new DurableObjectState { LastAt = snapshot.At, _lastCaller = snapshot.LastCaller };
        state.CreateQueue(snapshot.Spec, snapshot.Number);
        state._queue!.RestoreSnapshot(snapshot.Queue);
        var putters = snapshot.Queue.Putters.ToDictionary(
            put => (put.Caller, put.Call.Call), put => ObjectSizes.MeasureValues(put.Call.Payloads));
        foreach (var saved in snapshot.Callers)
        {
            var caller = state.AddCaller(saved.Id, saved.Number, saved.Settled);
            caller.NextCall = saved.Next;
            if (saved.IsDead)
                caller.DeadSince = saved.DeadSince > 0 ? saved.DeadSince : snapshot.At;
            foreach (var call in saved.Waiting)
                caller.Calls.SetWaiting(call, putters.GetValueOrDefault((saved.Number, call)));
            foreach (var answer in saved.Answers)
                caller.Calls.SetAnswer(answer);
        }

        return state;
    }

    /// <summary>Gets the approximate size of a snapshot in bytes.</summary>
    public static long SizeOf(ObjectSnapshot snapshot)
    {
        const int Overhead = 32;
        return snapshot.Queue.Items.Sum(item => (long)item.Payload.Length + Overhead)
            + snapshot.Queue.Leases.Sum(lease => (long)lease.Item.Payload.Length + Overhead)
            + (snapshot.Queue.Keys.Length * Overhead)
            + snapshot.Callers.Sum(caller => caller.Answers.Sum(answer => WireLimits.SizeOf(answer.Payloads) + Overhead));
    }

    private static CallerSnapshot SaveCaller(KnownCaller caller) => new(
        caller.Id,
        caller.Caller.Number,
        caller.Settled,
        caller.NextCall,
        caller.IsDead,
        [.. caller.Calls.All.Where(call => call.Value is null).Select(call => call.Key)],
        [.. caller.Calls.All.Select(call => call.Value).OfType<ObjectReply>()],
        caller.DeadSince ?? 0);
}
