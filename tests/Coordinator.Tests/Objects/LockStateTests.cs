using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using static Actors.Coordinator.Tests.Objects.ObjectCalls;

namespace Actors.Coordinator.Tests.Objects;

public sealed class LockStateTests
{
    private static readonly Caller A = new(1);
    private static readonly Caller B = new(2);
    private static readonly Caller C = new(3);
    private readonly LockState _lock = new();

    [Fact]
    public void Acquire_HeldLockWithoutTime_TimesOut()
    {
        _lock.Ask(A, Acquire(1));
        Assert.Equal(ObjectStatus.TimedOut, Assert.Single(_lock.Ask(B, Acquire(1, timeout: 0))).Status);
    }

    [Fact]
    public void Acquire_ByItsHolder_WaitsLikeAnyOther()
    {
        _lock.Ask(A, Acquire(1));
        Assert.Empty(_lock.Ask(A, Acquire(2)));
    }

    [Fact]
    public void Release_WhileOneWaits_AnswersBothWithAGreaterToken()
    {
        var first = Assert.Single(_lock.Ask(A, Acquire(1))).Number;
        _lock.Ask(B, Acquire(1));
        var replies = _lock.Ask(A, Release(2, first));
        Assert.Equal([ObjectStatus.Ok, ObjectStatus.Ok], replies.Select(reply => reply.Status));
        Assert.True(replies[1].Number > first);
    }

    [Fact]
    public void Figures_HeldLockWithWaitingCalls_NameTheHolderAndCountThem()
    {
        Assert.Equal(default, _lock.Figures);
        _lock.Ask(A, Acquire(1));
        _lock.Ask(B, Acquire(1));
        _lock.Ask(C, Acquire(1));

        Assert.Equal(new ObjectFigures(Waiting: 2, Holder: A), _lock.Figures);
    }

    [Fact]
    public void Release_Twice_IsRefused()
    {
        var token = Assert.Single(_lock.Ask(A, Acquire(1))).Number;
        _lock.Ask(A, Release(2, token));
        Assert.Equal(ObjectStatus.NotHeld, Assert.Single(_lock.Ask(A, Release(3, token))).Status);
    }

    [Fact]
    public void RemoveCaller_ConfirmedHolder_TellsOnlyTheNext()
    {
        Hold(A);
        Assert.Empty(_lock.Die(A));
        var next = Assert.Single(_lock.Ask(B, Acquire(1)));
        Assert.Equal(ObjectStatus.OkAbandoned, next.Status);
        _lock.ConfirmReceipt(B, 1);
        _lock.Ask(B, Release(2, next.Number));
        Assert.Equal(ObjectStatus.Ok, Assert.Single(_lock.Ask(C, Acquire(1))).Status);
    }

    [Fact]
    public void RemoveCaller_UnconfirmedHolder_TellsTheNext()
    {
        _lock.Ask(A, Acquire(1));
        _lock.Ask(B, Acquire(1));
        Assert.Equal(ObjectStatus.OkAbandoned, Assert.Single(_lock.Die(A)).Status);
    }

    [Fact]
    public void RemoveCaller_BothHolders_TellsTheOneAfter()
    {
        Hold(A);
        _lock.Ask(B, Acquire(1));
        _lock.Ask(C, Acquire(1));
        Assert.Equal(ObjectStatus.OkAbandoned, Assert.Single(_lock.Die(A)).Status);
        Assert.Equal(ObjectStatus.OkAbandoned, Assert.Single(_lock.Die(B)).Status);
    }

    [Fact]
    public void AbandonCall_UnconfirmedGrant_TellsTheOneAfter()
    {
        Hold(A);
        _lock.Ask(B, Acquire(1));
        _lock.Die(A);
        Assert.Empty(_lock.Abandon(B, 1));
        Assert.Equal(ObjectStatus.OkAbandoned, Assert.Single(_lock.Ask(C, Acquire(1))).Status);
    }

    [Fact]
    public void AbandonCall_ConfirmedGrant_LeavesTheLockHeld()
    {
        Hold(A);
        _lock.Abandon(A, 1);
        Assert.Empty(_lock.Ask(B, Acquire(1)));
    }

    [Fact]
    public void HandleCall_QueueOperation_IsNotSupported() =>
        Assert.Equal(ObjectStatus.NotSupported, Assert.Single(_lock.Ask(A, Get(1))).Status);

    private void Hold(Caller caller)
    {
        _lock.Ask(caller, Acquire(1));
        _lock.ConfirmReceipt(caller, 1);
    }
}
