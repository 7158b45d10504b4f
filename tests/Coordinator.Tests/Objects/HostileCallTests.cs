using Actors.Coordinator.Objects;
using Actors.Coordinator.Tests.Objects.Conformance;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// User code in a worker can make any call on a managed object. Only that call fails, and the object continues for others.
/// </summary>
public sealed class HostileCallTests
{
    private static readonly Caller Hostile = new(1);
    private static readonly Caller Honest = new(2);

    /// <summary>A second permit, item or message under the number of the first could not be returned.</summary>
    [Theory]
    [InlineData(ObjectKind.Queue)]
    [InlineData(ObjectKind.Semaphore)]
    [InlineData(ObjectKind.Pipe)]
    public void Call_NumberUsedTwice_LosesNoItem(ObjectKind kind)
    {
        var state = Make(kind);
        var (take, count) = kind switch
        {
            ObjectKind.Queue => (ObjectCalls.Get(1), ObjectCalls.Get(9, most: 10)),
            ObjectKind.Semaphore => (SyncCalls.Of(ObjectOperation.SemaphoreAcquire, 1), SyncCalls.Of(ObjectOperation.SemaphoreCount, 9)),
            _ => (SyncCalls.Of(ObjectOperation.PipeReceive, 1), SyncCalls.Of(ObjectOperation.PipeReceive, 9)),
        };
        if (kind == ObjectKind.Queue)
            state.Ask(Honest, ObjectCalls.Put(1, [1, 2]));
        if (kind == ObjectKind.Pipe)
        {
            state.Ask(Honest, SyncCalls.Of(ObjectOperation.PipeOpen, 6));
            state.Ask(Honest, SyncCalls.Of(ObjectOperation.PipeSend, 7, 1) with { Payloads = [new byte[] { 1 }] });
            state.Ask(Honest, SyncCalls.Of(ObjectOperation.PipeSend, 8, 1) with { Payloads = [new byte[] { 2 }] });
        }

        Assert.Equal(ObjectStatus.Ok, Assert.Single(state.Ask(Hostile, take)).Status);
        Assert.Equal(ObjectStatus.NotSupported, Assert.Single(state.Ask(Hostile, take)).Status);
        state.Die(Hostile);

        var left = Assert.Single(state.Ask(Honest, count));
        Assert.Equal(kind == ObjectKind.Pipe ? 1 : 2, left.Number);
        if (kind == ObjectKind.Pipe)
            Assert.Equal((1, 2), (left.Items()[0], Assert.Single(state.Ask(Honest, count with { Call = 10 })).Items()[0]));
    }

    [Fact]
    public void Serve_LowestNumber_BreaksTheCallAndReceivesTheNext()
    {
        var (state, invoke) = (Make(ObjectKind.Service), new ServiceInvoke(default, default));
        state.Ask(Hostile, SyncCalls.Of(ObjectOperation.Serve, 1));
        state.Ask(Honest, invoke.ToCall(default, 1, -1));
        var answer = Assert.Single(state.Ask(Hostile, SyncCalls.Of(ObjectOperation.Serve, 2, long.MinValue)));
        Assert.Equal((1, ObjectStatus.Broken), (answer.Call, answer.Status));
        Assert.Equal(2, Assert.Single(state.Ask(Honest, invoke.ToCall(default, 2, -1))).Call);
    }

    [Fact]
    public void Serve_WhileAnEarlierOneWaits_AnswersThatOne()
    {
        var state = Make(ObjectKind.Service);
        state.Ask(Hostile, SyncCalls.Of(ObjectOperation.Serve, 1));
        var answer = Assert.Single(state.Ask(Hostile, SyncCalls.Of(ObjectOperation.Serve, 2)));
        Assert.Equal((1, ObjectStatus.NotSupported), (answer.Call, answer.Status));
    }

    private static IManagedObjectState Make(ObjectKind kind) => KindSamples.All[kind].CreateState(kind);
}
