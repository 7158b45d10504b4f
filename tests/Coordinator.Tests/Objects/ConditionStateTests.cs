using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using static Actors.Coordinator.Tests.Objects.ObjectCalls;
using static Actors.Coordinator.Tests.Objects.SyncCalls;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>The conditions of a lock.</summary>
public sealed class ConditionStateTests
{
    private static readonly Caller A = new(1);
    private static readonly Caller B = new(2);
    private static readonly Caller C = new(3);
    private static readonly Caller D = new(4);
    private readonly LockState _lock = new();
    private long _lastCall = 100;

    [Fact]
    public void Wait_WithoutTheLock_IsRefused()
    {
        var token = Take(A);
        Assert.Equal(ObjectStatus.NotHeld, Assert.Single(_lock.Ask(B, Wait(1, token))).Status);
        Assert.Equal(ObjectStatus.NotHeld, Assert.Single(_lock.Ask(A, Wait(1, token + 1))).Status);
        Assert.Equal(ObjectStatus.NotHeld, Assert.Single(_lock.Ask(B, Notify(1, token))).Status);
    }

    [Fact]
    public void Wait_WithoutTime_AcquiresTheLockAfterTheOthers()
    {
        var token = Take(A);
        _lock.Ask(B, Acquire(1));
        var other = Assert.Single(_lock.Ask(A, Wait(2, token, timeout: 0)));
        Assert.Equal(1, other.Call);
        var reply = _lock.Ask(B, Release(3, other.Number))[1];
        Assert.True(IsTimedOut(reply) && reply.Number > other.Number);
    }

    [Fact]
    public void Notify_WhileTheLockIsHeld_WakesOnlyAfterItsRelease()
    {
        Sleep(A, 1);
        var token = Take(B);
        Assert.Equal(ObjectStatus.Ok, Assert.Single(_lock.Ask(B, Notify(2, token))).Status);
        var woken = _lock.Ask(B, Release(3, token))[1];
        Assert.True(woken.Call == 1 && woken.Status == ObjectStatus.Ok && !IsTimedOut(woken));
    }

    [Fact]
    public void Notify_AnotherCondition_WakesNoCall()
    {
        Sleep(A, 1);
        var token = Take(B);
        _lock.Ask(B, Notify(2, token, count: 5, condition: 2));
        Assert.Single(_lock.Ask(B, Release(3, token)));
    }

    [Fact]
    public void RemoveCaller_NotifiedAndQueued_PassesTheNotificationOn()
    {
        Sleep(A, 1);
        Sleep(C, 1);
        var token = Take(B);
        _lock.Ask(B, Notify(2, token));
        Assert.Empty(_lock.Die(A));
        Assert.False(IsTimedOut(_lock.Ask(B, Release(3, token))[1]));
    }

    /// <summary>
    /// A and C are notified, C by a notification that B may have too. When A dies, C takes the notification of A, and B that of C. Before,
    /// B waited on.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RemoveCaller_OthersAreNotifiedLater_WakesTheLastOne(bool isAbandoned)
    {
        Sleep(A, 1);
        Sleep(C, 2);
        var token = Take(B);
        Assert.Empty(_lock.Ask(D, Acquire(3)));
        _lock.Ask(B, Notify(4, token));
        var next = Assert.Single(_lock.Ask(B, Wait(5, token))).Number;
        _lock.Ask(D, Notify(6, next));

        Assert.Empty(isAbandoned ? _lock.Abandon(A, 1) : _lock.Die(A));

        var second = _lock.Ask(D, Release(7, next))[1];
        Assert.Equal((2, false), (second.Call, IsTimedOut(second)));
        var last = _lock.Ask(C, Release(8, second.Number))[1];
        Assert.Equal((5, false), (last.Call, IsTimedOut(last)));
    }

    [Fact]
    public void RemoveCaller_HolderWithoutReceipt_WakesTheOthers()
    {
        Sleep(A, 1);
        Sleep(C, 1);
        var token = Take(B);
        _lock.Ask(B, Notify(2, token));
        _lock.Ask(B, Release(3, token));
        Assert.Equal(ObjectStatus.OkAbandoned, Assert.Single(_lock.Die(A)).Status);
    }

    [Fact]
    public void AbandonCall_Notified_PassesTheNotificationOn()
    {
        Sleep(A, 1);
        Sleep(C, 2);
        var token = Take(B);
        _lock.Ask(B, Notify(2, token));
        _lock.Abandon(A, 1);
        Assert.Equal(2, _lock.Ask(B, Release(3, token))[1].Call);
    }

    [Fact]
    public void RemoveCaller_Holder_WakesAllAndTellsTheFirst()
    {
        Sleep(A, 1);
        Sleep(C, 1);
        Take(B);
        var first = Assert.Single(_lock.Die(B));
        Assert.Equal(ObjectStatus.OkAbandoned, first.Status);
        _lock.ConfirmReceipt(A, 1);
        Assert.Equal(ObjectStatus.Ok, _lock.Ask(A, Release(2, first.Number))[1].Status);
    }

    [Fact]
    public void ExpireCalls_AtTheDeadline_AcquiresTheLockAgain()
    {
        var token = Take(A);
        _lock.Ask(A, Wait(1, token, timeout: 10));
        Assert.Equal(TimeSpan.FromMilliseconds(10), _lock.NextDeadline);
        Assert.Empty(_lock.TickAt(9));
        Assert.True(IsTimedOut(Assert.Single(_lock.TickAt(10))));
        Assert.Null(_lock.NextDeadline);
    }

    [Fact]
    public void Wait_WithoutArguments_IsNotSupported()
    {
        var token = Take(A);
        Assert.Equal(ObjectStatus.NotSupported, Assert.Single(_lock.Ask(A, Of(ObjectOperation.ConditionWait, 1, token))).Status);
    }

    private static bool IsTimedOut(ObjectReply reply) => !reply.Payloads.IsEmpty;

    private long Take(Caller caller)
    {
        var reply = Assert.Single(_lock.Ask(caller, Acquire(++_lastCall)));
        _lock.ConfirmReceipt(caller, _lastCall);
        return reply.Number;
    }

    private void Sleep(Caller caller, long call) => Assert.Empty(_lock.Ask(caller, Wait(call, Take(caller))));
}
