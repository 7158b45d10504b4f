using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using static Actors.Coordinator.Tests.Objects.SyncCalls;

namespace Actors.Coordinator.Tests.Objects;

public sealed class BarrierStateTests
{
    private static readonly Caller A = new(1);
    private static readonly Caller B = new(2);
    private static readonly Caller C = new(3);
    private readonly BarrierState _barrier = new(2);

    [Fact]
    public void Wait_LastParty_AnswersAllWithIndexes()
    {
        Assert.Empty(Wait(A));
        Assert.Equal([0L, 1L], Wait(B).Select(reply => reply.Number));
    }

    [Fact]
    public void Wait_WithAnAction_DelaysTheRoundUntilItEnds()
    {
        Wait(A);
        var act = Assert.Single(Wait(B, action: 1));
        Assert.Single(act.Payloads);
        Assert.Empty(Wait(C));
        Assert.Equal([0L, 1L], _barrier.Ask(B, Of(ObjectOperation.BarrierRelease, 9, act.Number)).Select(reply => reply.Number));
        Assert.Equal([0L, 1L], Wait(A).Select(reply => reply.Number));
    }

    [Fact]
    public void RemoveCaller_RunsTheAction_BreaksTheBarrier()
    {
        Wait(A);
        Wait(B, action: 1);
        Assert.Equal(ObjectStatus.Broken, Assert.Single(_barrier.Die(B)).Status);
        Assert.Equal(ObjectStatus.Broken, Assert.Single(Wait(C)).Status);
    }

    [Fact]
    public void Release_AfterAReset_IsBroken()
    {
        Wait(A);
        var act = Assert.Single(Wait(B, action: 1));
        Assert.Equal([ObjectStatus.Ok, ObjectStatus.Broken], _barrier.Ask(C, Of(ObjectOperation.BarrierReset, 8))
            .Select(reply => reply.Status));
        Wait(A);
        Assert.Equal(ObjectStatus.Broken, Assert.Single(_barrier.Ask(B, Of(ObjectOperation.BarrierRelease, 9, act.Number))).Status);
        Assert.Equal(2, Wait(C).Count);
    }

    [Fact]
    public void RemoveCaller_Waits_BreaksTheBarrier()
    {
        var three = new BarrierState(3);
        three.Ask(A, Of(ObjectOperation.BarrierWait, 1));
        three.Ask(B, Of(ObjectOperation.BarrierWait, 1));
        Assert.Equal(ObjectStatus.Broken, Assert.Single(three.Die(A)).Status);
    }

    [Fact]
    public void RemoveCaller_DoesNotWait_BreaksNothing()
    {
        Wait(A);
        Assert.Empty(_barrier.Die(B));
        Assert.Equal(2, Wait(C).Count);
    }

    [Fact]
    public void AbandonCall_Waits_FreesItsIndex()
    {
        Wait(A);
        _barrier.Abandon(A, 1);
        Assert.Empty(Wait(B));
        Assert.Equal(2, Wait(C).Count);
    }

    [Fact]
    public void Wait_WithoutTime_BreaksTheBarrierUnlessItIsTheLast()
    {
        Assert.Equal(ObjectStatus.Broken, Assert.Single(Wait(A, timeout: 0)).Status);
        _barrier.Ask(A, Of(ObjectOperation.BarrierReset, 8));
        Wait(A);
        Assert.Equal([ObjectStatus.Ok, ObjectStatus.Ok], Wait(B, timeout: 0).Select(reply => reply.Status));
    }

    private List<ObjectReply> Wait(Caller caller, long action = 0, long timeout = -1) =>
        _barrier.Ask(caller, Of(ObjectOperation.BarrierWait, 1, action, timeout));
}
