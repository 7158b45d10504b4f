using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Like <see cref="HostileCallTests"/>, for a durable queue. The written commands can be read again.</summary>
public sealed class HostileDurableCallTests
{
    /// <summary>All but <see cref="ObjectOperation.Delete"/>, by which any process may remove the queue.</summary>
    private static readonly ObjectOperation[] Operations =
    [
        ObjectOperation.Put, ObjectOperation.Get, ObjectOperation.Count, ObjectOperation.TaskDone, ObjectOperation.JoinItems,
            ObjectOperation.Capacity, ObjectOperation.PutOnce, ObjectOperation.ReceiveItem, ObjectOperation.AcknowledgeItem,
            ObjectOperation.ReturnItem,
        ObjectOperation.Open,
    ];

    private readonly List<ObjectCommand> _written = [];
    private DurableObjectState _state = new();
    private TimeSpan _now = TimeSpan.FromDays(1);

    [Fact]
    public void Call_Any_IsAnsweredAndTheQueueContinues()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var (random, hostile, honest) = (new Random(seed), new DurableCaller(CallerId.New()), new DurableCaller(CallerId.New()));
            (_state, _now) = (new(), TimeSpan.FromDays(1));
            _written.Clear();
            var spec = new DurableObjectSpec("q", ObjectKind.Queue, "T").ToPayload();
            Assert.Equal(ObjectStatus.Ok, Ask(honest, 1, ObjectOperation.Open, spec).Status);
            for (var step = 0; step < 50; step++)
                Step(random, hostile);
            hostile.LeaveObjects();
            Deliver(hostile);

            Assert.Equal(ObjectStatus.Ok, Ask(honest, 2, ObjectOperation.Put, new byte[] { 1 }).Status);
            _state = new();
            foreach (var command in _written)
                _state.ApplyCommand(command, []);
            Assert.Equal("q", _state.Spec?.Name);
        }
    }

    private void Step(Random random, DurableCaller hostile)
    {
        _now += TimeSpan.FromMilliseconds(random.Next(800));
        var call = HostileCalls.Next(random, Operations);
        switch (random.Next(10))
        {
            case 0: hostile.ConfirmReceipt(call.Object, call.Call); break;
            case 1: hostile.AbandonCall(call.Object, call.Call); break;
            case 2: hostile.OnInterval(_now); break;
            case 3: Apply(ObjectCommand.WithoutCall(ObjectCommandKind.Tick, default, 0, Milliseconds)); break;
            default:
                if (call.Operation != ObjectOperation.Delete)
                    hostile.SendCall(call, TimeSpan.FromSeconds(60), _now);
                break;
        }

        Deliver(hostile);
    }

    private long Milliseconds => (long)_now.TotalMilliseconds;

    private ObjectReply Ask(DurableCaller caller, long number, ObjectOperation operation, ReadOnlyMemory<byte> payload)
    {
        caller.SendCall(new ObjectCall(default, number, operation, -1, 0, [payload]), TimeSpan.FromSeconds(60), _now);
        Deliver(caller);
        return Assert.Single(caller.TakeReplies());
    }

    private void Deliver(DurableCaller caller)
    {
        for (var sent = caller.TakeMessages(); sent.Count > 0; sent = caller.TakeMessages())
        {
            foreach (var answer in sent.SelectMany(Tell).Where(answer => answer.Caller == caller.Id).ToList())
                caller.OnMessage(new DurableObjectProtocol.DurableObjectReply(default, caller.Id, answer.Reply), false, _now);
        }
    }

    private List<DurableAnswer> Tell(DurableObjectProtocol.ICallerMessage message) => message switch
    {
        DurableObjectProtocol.CallDurableObject ask => _state.IsNext(ask) ? Apply(DurableCommands.FromCall(ask, Milliseconds)) : [],
        DurableObjectProtocol.DurableReplyReceived received =>
            Apply(ObjectCommand.WithoutCall(ObjectCommandKind.Received, received.Caller, received.Call, Milliseconds)),
        DurableObjectProtocol.DurableCallAbandoned abandoned =>
            Apply(ObjectCommand.WithoutCall(ObjectCommandKind.Abandoned, abandoned.Caller, abandoned.Call, Milliseconds)),
        DurableObjectProtocol.CallerHeartbeat here => [.. _state.GetCommands(here, Milliseconds).SelectMany(Apply)],
        _ => throw new ArgumentException($"{message} is not expected.", nameof(message)),
    };

    private List<DurableAnswer> Apply(ObjectCommand command)
    {
        var answers = new List<DurableAnswer>();
        if (_state.ApplyCommand(command, answers))
            _written.Add(command);
        return answers;
    }
}
