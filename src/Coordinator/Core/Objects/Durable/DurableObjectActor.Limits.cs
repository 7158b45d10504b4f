using Actors.Coordinator.Clients;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>Limits the memory that the object takes. Calls above a limit are refused, and its items stay.</summary>
public sealed partial class DurableObjectActor
{
    /// <summary>The most callers of an object. Further ones are not answered.</summary>
    private const int MaxCallers = 100_000;

    /// <summary>The most bytes of messages that wait until the journal is read.</summary>
    private const long LargestStash = 16 << 20;

    /// <summary>The shortest time between two repetitions of all answers to a caller. Callers compare less often.</summary>
    private static readonly TimeSpan RepetitionInterval = ProtocolTimes.CallerHeartbeat / 5;

    private readonly DurableCharge _kept = DurableUsage.CreateCharge(Context.System);
    private long _stashed;

    /// <summary>Creates the recent uses of durable objects by clients. Each keeps the object loaded for a while.</summary>
    public static RecentUses<ObjectId> CountUses() => new(TimeProvider.System, IdleTime, ClientResource.DurableQueues);

    /// <summary>Keeps a message until the journal is read. Callers repeat a dropped one after their next comparison.</summary>
    private void StashMessage(DurableObjectProtocol.ICallerMessage message)
    {
        _stashed += ObjectSizes.MeasureWaiting((message as DurableObjectProtocol.CallDurableObject)?.Call);
        if (_stashed <= LargestStash)
            Stash.Stash();
    }

    private static bool MayRepeatAnswers(CallerPresence caller)
    {
        if (caller.LastRepetition is { } last && Now - last < RepetitionInterval)
            return false;
        caller.LastRepetition = Now;
        return true;
    }

    private bool IsOneTooMany(CallerId caller) => _callers.Count >= MaxCallers && !_callers.ContainsKey(caller);

    private void UpdateKept() => _kept.SetContent(_state.Size);

    /// <summary>Finds the reason to refuse a call because of the memory that the object takes; null for none.</summary>
    private string? FindRefusal(ObjectCall call)
    {
        if (!_kept.IsLimited || call.Operation == ObjectOperation.Delete)
            return null;
        var name = $"The durable queue '{_state.Spec?.Name}'";
        // An existing queue is opened to take items out of it.
        var added = call.Operation == ObjectOperation.Open && _state.Spec is not null ? 0 : DurableObjectState.MeasureAdded(call);
        return _kept.FindRefusal(name, added) ?? _kept.FindCallRefusal(name, _state.CallBytes);
    }

    private void RefuseCall(DurableObjectProtocol.CallDurableObject ask, string reason)
    {
        if (_state.FindSettlement(ask, ObjectTime) is { } settlement)
            ApplyCommand(settlement);
        SendAnswers([_state.RefuseNext(ask, reason)]);
    }
}
