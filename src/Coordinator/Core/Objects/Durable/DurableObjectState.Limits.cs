using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>Measures and refuses calls.</summary>
public sealed partial class DurableObjectState
{
    /// <summary>Measures the values that a call adds to the object. A call that adds no values only waits until it is answered.</summary>
    public static long MeasureAdded(ObjectCall call) =>
        call.Operation is ObjectOperation.Put or ObjectOperation.PutOnce or ObjectOperation.Open
            ? ObjectSizes.MeasureValues(call.Payloads)
            : 0;

    /// <summary>Gets the command that settles the earlier calls of a caller, as a refused call says; null for none.</summary>
    public ObjectCommand? FindSettlement(DurableObjectProtocol.CallDurableObject ask, long at) =>
        FindCaller(ask.Caller) is { } caller && ask.Settled > caller.Settled
            ? ObjectCommand.WithoutCall(ObjectCommandKind.Skipped, ask.Caller, ask.Call.Call, at)
                with
            { Settled = ask.Settled, Number = caller.NextCall }
            : null;

    /// <summary>
    /// Refuses the next call of a caller. The refusal is not written: after a loss of the coordinator, the caller calls again if it has not
    /// received it.
    /// </summary>
    public DurableAnswer RefuseNext(DurableObjectProtocol.CallDurableObject ask, string reason)
    {
        var reply = ObjectReply.WithReason(ask.Call.Call, ObjectStatus.OverLimit, reason);
        var caller = FindCaller(ask.Caller) ?? AddCaller(ask.Caller, ++_lastCaller, ask.Settled);
        caller.NextCall = ask.Call.Call + 1;
        caller.Calls.SetAnswer(reply);
        return new DurableAnswer(ask.Caller, reply);
    }
}
