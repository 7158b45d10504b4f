using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using static Actors.Coordinator.Tests.Objects.SyncCalls;

namespace Actors.Coordinator.Tests.Objects;

public sealed class SemaphoreStateTests
{
    private static readonly Caller A = new(1);
    private static readonly Caller B = new(2);
    private readonly SemaphoreState _semaphore = new(1, 1);

    [Fact]
    public void RemoveCaller_Holder_FreesThePermit()
    {
        _semaphore.Ask(A, Of(ObjectOperation.SemaphoreAcquire, 1));
        _semaphore.ConfirmReceipt(A, 1);
        Assert.Empty(_semaphore.Ask(B, Of(ObjectOperation.SemaphoreAcquire, 7)));
        Assert.Equal(7, Assert.Single(_semaphore.Die(A)).Call);
    }

    [Fact]
    public void RemoveCaller_UsedAPermitUp_FreesNothing()
    {
        _semaphore.Ask(A, Of(ObjectOperation.SemaphoreWait, 1));
        _semaphore.ConfirmReceipt(A, 1);
        _semaphore.Die(A);
        Assert.Equal(0, Count());
    }

    [Fact]
    public void RemoveCaller_UnconfirmedPermit_FreesIt()
    {
        _semaphore.Ask(A, Of(ObjectOperation.SemaphoreWait, 1));
        _semaphore.Die(A);
        Assert.Equal(1, Count());
    }

    /// <summary>Permits that are never confirmed or returned need memory, which their semaphore counts.</summary>
    [Fact]
    public void Size_ManyPermits_CountsEachUntilItIsFreed()
    {
        var semaphore = new SemaphoreState(SemaphoreState.Unbounded, SemaphoreState.Unbounded);
        for (var call = 1; call <= 100; call++)
            semaphore.Ask(A, Of(ObjectOperation.SemaphoreAcquire, call));
        Assert.InRange(semaphore.Size, 100 * 32, 100 * 128);

        semaphore.Die(A);

        Assert.Equal(0, semaphore.Size);
    }

    [Fact]
    public void Release_AboveTheBound_IsRefusedEvenWithAHeldPermit()
    {
        Assert.Equal(ObjectStatus.OutOfBounds, Release());
        _semaphore.Ask(A, Of(ObjectOperation.SemaphoreAcquire, 1));
        Assert.Equal(ObjectStatus.OutOfBounds, Release());
    }

    [Fact]
    public void Return_ByAnotherProcessOrTwice_IsRefused()
    {
        _semaphore.Ask(A, Of(ObjectOperation.SemaphoreAcquire, 1));
        Assert.Equal(ObjectStatus.NotHeld, Return(B));
        Assert.Equal(ObjectStatus.Ok, Return(A));
        Assert.Equal(ObjectStatus.NotHeld, Return(A));
        Assert.Equal(1, Count());
    }

    [Fact]
    public void HandleCall_LockOperation_IsNotSupported() =>
        Assert.Equal(ObjectStatus.NotSupported, Assert.Single(_semaphore.Ask(A, Of(ObjectOperation.Acquire, 1))).Status);

    private long Count() => Assert.Single(_semaphore.Ask(B, Of(ObjectOperation.SemaphoreCount, 90))).Number;

    private ObjectStatus Release() => Assert.Single(_semaphore.Ask(B, Of(ObjectOperation.SemaphoreRelease, 91, 1))).Status;

    private ObjectStatus Return(Caller caller) => Assert.Single(_semaphore.Ask(caller, Of(ObjectOperation.SemaphoreReturn, 92, 1))).Status;
}
