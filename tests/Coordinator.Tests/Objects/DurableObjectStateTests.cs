using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects;

public sealed class DurableObjectStateTests
{
    private readonly CallerId _caller = CallerId.New();
    private readonly DurableObjectState _state = new();

    public DurableObjectStateTests()
    {
        var spec = new DurableObjectSpec("queue", ObjectKind.Queue, "ManagedQueue<byte>").ToPayload();
        Tell(new ObjectCommand(1000, ObjectCommandKind.Call, _caller, 1, 1, ObjectOperation.Open, -1, 0, [spec]));
        Tell(ObjectCommand.Of(ObjectCommandKind.Died, _caller, 0, 2000));
        Tell(ObjectCommand.Of(ObjectCommandKind.Tick, default, 0, 3000));
    }

    [Fact]
    public void DeadSince_AfterASnapshot_IsWhenItDied()
    {
        Assert.Equal(2000, _state.DeadSince(_caller));
        Assert.Equal(2000, DurableObjectState.Restore(_state.ToSnapshot()).DeadSince(_caller));
    }

    [Fact]
    public void DeadSince_OfASnapshotThatDoesNotSay_IsWhenThatWasMade()
    {
        var snapshot = _state.ToSnapshot();
        var before = snapshot with { Callers = [.. snapshot.Callers.Select(caller => caller with { DeadSince = 0 })] };

        Assert.Equal(3000, DurableObjectState.Restore(before).DeadSince(_caller));
    }

    [Fact]
    public void DeadSince_OfACallerThatCallsAgain_IsNever()
    {
        Tell(new ObjectCommand(4000, ObjectCommandKind.Call, _caller, 2, 2, ObjectOperation.Count, -1, 0, []));

        Assert.Null(_state.DeadSince(_caller));
        Assert.Null(DurableObjectState.Restore(_state.ToSnapshot()).DeadSince(_caller));
    }

    private void Tell(ObjectCommand command) => _state.Apply(command, []);
}
