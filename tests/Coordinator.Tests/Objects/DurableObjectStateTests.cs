using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects;

public sealed class DurableObjectStateTests
{
    private readonly CallerId _caller = CallerId.New();
    private readonly DurableObjectState _state = new();
    private readonly List<ObjectCommand> _written = [];

    public DurableObjectStateTests()
    {
        var spec = new DurableObjectSpec("queue", ObjectKind.Queue, "ManagedQueue<byte>").ToPayload();
        Tell(new ObjectCommand(1000, ObjectCommandKind.Call, _caller, 1, 1, ObjectOperation.Open, -1, 0, [spec]));
        Tell(ObjectCommand.WithoutCall(ObjectCommandKind.Died, _caller, 0, 2000));
        Tell(ObjectCommand.WithoutCall(ObjectCommandKind.Tick, default, 0, 3000));
    }

    [Fact]
    public void GetDeadSince_AfterASnapshot_IsTheTimeOfDeath()
    {
        Assert.Equal(2000, _state.GetDeadSince(_caller));
        Assert.Equal(2000, DurableObjectState.FromSnapshot(_state.ToSnapshot()).GetDeadSince(_caller));
    }

    [Fact]
    public void GetDeadSince_SnapshotWithoutTime_IsTheTimeOfTheSnapshot()
    {
        var snapshot = _state.ToSnapshot();
        var before = snapshot with { Callers = [.. snapshot.Callers.Select(caller => caller with { DeadSince = 0 })] };

        Assert.Equal(3000, DurableObjectState.FromSnapshot(before).GetDeadSince(_caller));
    }

    [Fact]
    public void GetDeadSince_CallerCallsAgain_IsNull()
    {
        Tell(new ObjectCommand(4000, ObjectCommandKind.Call, _caller, 2, 2, ObjectOperation.Count, -1, 0, []));

        Assert.Null(_state.GetDeadSince(_caller));
        Assert.Null(DurableObjectState.FromSnapshot(_state.ToSnapshot()).GetDeadSince(_caller));
    }

    [Theory]
    [InlineData("ManagedQueue<Order> #00000000000000aa", ObjectStatus.Ok)]
    [InlineData("ManagedQueue<Order>", ObjectStatus.Ok)]
    [InlineData("ManagedQueue<Order> #00000000000000bb", ObjectStatus.Refused)]
    [InlineData("ManagedQueue<Bill> #00000000000000aa", ObjectStatus.Refused)]
    public void Open_TypeWithTheSameNameAndFields_IsAccepted(string type, ObjectStatus expected)
    {
        var state = new DurableObjectState();
        Open(state, 1, "ManagedQueue<Order> #00000000000000aa");

        Assert.Equal(expected, Open(state, 2, type).Status);
    }

    /// <summary>A call without effect is not written, but the skip of a later call is.</summary>
    [Fact]
    public void Call_UnwrittenAndItsAnswerLostInACrash_IsRepeated()
    {
        var here = new DurableObjectProtocol.CallerHeartbeat(
            ObjectId.FromDurableName("queue", 0), _caller, 1, Last: 3, Overdue: [new CallRange(2, 2)], Open: [],
                AbandonedCalls: [new CallRange(3, 3)], IsLeaving: false);
        Assert.False(Tell(new ObjectCommand(4000, ObjectCommandKind.Call, _caller, 2, 2, ObjectOperation.Get, 0, 1, [])));
        foreach (var command in _state.GetCommands(here, 5000))
            Assert.True(Tell(command));
        Assert.Equal(ObjectStatus.Empty, Assert.Single(_state.GetAnswers(here)).Status);

        var read = new DurableObjectState();
        foreach (var command in _written)
            read.ApplyCommand(command, []);

        Assert.Equal((2, ObjectStatus.ResendCall),
            Assert.Single(read.GetAnswers(here)) switch { var answer => (answer.Call, answer.Status) });
        Assert.Empty(read.GetUnknown(here));
    }

    /// <summary>The call before was abandoned, and its message lost: the recent call arrived too early, and was not applied.</summary>
    [Fact]
    public void GetUnknown_RecentCallAfterALostOne_NamesIt()
    {
        var here = new DurableObjectProtocol.CallerHeartbeat(
            ObjectId.FromDurableName("queue", 0), _caller, 1, Last: 4, Overdue: [], Open: [new CallRange(4, 4)],
            AbandonedCalls: [new CallRange(2, 3)], IsLeaving: false);
        foreach (var command in _state.GetCommands(here, 5000))
            Tell(command);

        Assert.Equal(new CallRange(4, 4), Assert.Single(_state.GetUnknown(here)));

        Tell(new ObjectCommand(6000, ObjectCommandKind.Call, _caller, 4, 4, ObjectOperation.Get, -1, 1, []));
        Assert.Empty(_state.GetUnknown(here));
    }

    private ObjectReply Open(DurableObjectState state, long call, string type)
    {
        var spec = new DurableObjectSpec("queue", ObjectKind.Queue, type).ToPayload();
        var answers = new List<DurableAnswer>();
        state.ApplyCommand(new ObjectCommand(1000, ObjectCommandKind.Call, _caller, call, call, ObjectOperation.Open, -1, 0, [spec]),
            answers);
        return Assert.Single(answers).Reply;
    }

    private bool Tell(ObjectCommand command)
    {
        var isChange = _state.ApplyCommand(command, []);
        if (isChange)
            _written.Add(command);
        return isChange;
    }
}
