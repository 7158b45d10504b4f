using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Objects;

/// <summary>The planted bugs of one managed object.</summary>
internal sealed class ObjectBugs(PlantedBug bug)
{
    private readonly LockState _secondLock = new();
    private ReadOnlyMemory<byte>? _firstValue;

    /// <summary>Whether an item returns to its queue although its receipt was confirmed.</summary>
    public bool ReturnsReceived => bug == PlantedBug.RedeliverItem;

    /// <summary>Whether a dead caller keeps its locks, permits and items.</summary>
    public bool KeepsDeadCallers => bug == PlantedBug.KeepDeadCallers;

    /// <summary>Chooses the state that handles a call. One caller in four has a lock of its own if the lock is granted twice.</summary>
    public IManagedObjectState ChooseState(IManagedObjectState state, Caller caller, ObjectCall call) =>
        bug == PlantedBug.GrantLockTwice && state is LockState && caller.Number % 4 == 0 && call.Operation == ObjectOperation.Acquire
            ? _secondLock
            : state;

    /// <summary>Changes a call before the state handles it.</summary>
    public ObjectCall ChangeCall(ObjectCall call) => (bug, call.Operation) switch
    {
        (PlantedBug.LoseNotification, ObjectOperation.ConditionNotify) =>
            new ConditionNotify(call.Number, Condition: 1, Count: 1).ToCall(call.Object, call.Call, call.TimeoutMilliseconds),
        (PlantedBug.ReturnAcknowledged, ObjectOperation.AcknowledgeItem) => call with { Operation = ObjectOperation.ReturnItem },
        (PlantedBug.ReadNextItem, ObjectOperation.ListGet) => call with { Number = call.Number + 1 },
        (PlantedBug.KeepEventSet, ObjectOperation.EventClear) => call with { Operation = ObjectOperation.EventIsSet },
        _ => call,
    };

    /// <summary>Changes a reply of a state.</summary>
    public ObjectReply ChangeReply(IManagedObjectState state, ObjectReply reply)
    {
        if (bug == PlantedBug.ReuseToken && reply.Status == ObjectStatus.OkAbandoned)
            return reply with { Number = reply.Number - 1 };
        if (bug != PlantedBug.ReadStaleValue || state is not ImmediateState || reply.Payloads.Length != 1)
            return reply;
        _firstValue ??= reply.Payloads[0];
        return reply with { Payloads = [_firstValue.Value] };
    }
}
