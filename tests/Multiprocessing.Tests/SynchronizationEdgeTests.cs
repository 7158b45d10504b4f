using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// Edge cases of queues, locks, semaphores, conditions, events and barriers: invalid arguments, and calls in the wrong state.
/// </summary>
public sealed class SynchronizationEdgeTests(ContainerTests.Setup setup) : IClassFixture<ContainerTests.Setup>
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);
    private static readonly CancellationToken Canceled = new(canceled: true);

    private readonly Manager _manager = setup.Manager;

    [Fact]
    public void Queue_InvalidArguments_AreRefused()
    {
        var queue = _manager.CreateQueue<int>();
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.TaskDone(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.TaskDone(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.GetMany(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.GetMany(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.CreateQueue<int>(-1));
        Assert.Throws<ArgumentNullException>(() => queue.PutMany(null!));
        Assert.Equal(0, queue.PutMany([]));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Queue_CanceledToken_DoesNothing()
    {
        var queue = _manager.CreateQueue<int>();
        Assert.ThrowsAny<OperationCanceledException>(() => queue.Put(1, cancellationToken: Canceled));
        Assert.True(queue.IsEmpty);
        queue.Put(2);
        Assert.ThrowsAny<OperationCanceledException>(() => queue.Get(cancellationToken: Canceled));
        Assert.ThrowsAny<OperationCanceledException>(() => queue.GetMany(5, cancellationToken: Canceled));
        Assert.Equal(2, queue.Get());
    }

    [Fact]
    public async Task Queue_GetIsCanceledWhileWaiting_KeepsTheNextItem()
    {
        var queue = _manager.CreateQueue<int>();
        using var giveUp = new CancellationTokenSource();
        var getting = queue.GetAsync(cancellationToken: giveUp.Token);
        giveUp.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting.Soon());
        queue.Put(3);
        Assert.Equal(3, queue.Get(Short));
    }

    [Fact]
    public void Queue_PutManyBeyondCapacity_PutsItemsUpToTheCapacity()
    {
        var queue = _manager.CreateQueue<int>(2);
        Assert.Equal(2, queue.PutMany([1, 2, 3], TimeSpan.Zero));
        Assert.Equal([1, 2], queue.GetMany(10));
    }

    [Fact]
    public void Queue_JoinWithUnfinishedItems_TimesOut()
    {
        var queue = _manager.CreateLifoQueue<int>();
        queue.PutMany([1, 2]);
        Assert.Equal(2, queue.Get());
        Assert.False(queue.Join(TimeSpan.Zero));
        queue.TaskDone(2);
        Assert.True(queue.Join(TimeSpan.Zero));
        Assert.ThrowsAny<InvalidOperationException>(() => queue.TaskDone());
    }

    [Fact]
    public void PriorityQueue_EqualPriorities_KeepTheirOrder()
    {
        var queue = _manager.CreatePriorityQueue<string?, int>();
        foreach (var (item, priority) in new[] { ("a", 1), ("b", 0), (null, 1), ("c", 1), ("d", int.MinValue) })
            queue.Put(item, priority);
        Assert.Equal(["d", "b", "a", null, "c"], Enumerable.Range(0, 5).Select(_ => queue.Get()));
        Assert.Throws<QueueEmptyException>(() => queue.Get(TimeSpan.Zero));
    }

    [Fact]
    public void Lock_ReleasedTwice_ReleasesOnce()
    {
        var @lock = _manager.CreateLock();
        var first = @lock.Acquire();
        first.Dispose();
        using var second = @lock.Acquire(TimeSpan.Zero);
        first.Dispose();
        Assert.True(@lock.IsLocked);
        Assert.Null(@lock.TryAcquire());
        Assert.Throws<TimeoutException>(() => @lock.Acquire(TimeSpan.Zero));
        Assert.ThrowsAny<OperationCanceledException>(() => @lock.Acquire(cancellationToken: Canceled));
    }

    [Fact]
    public void Lock_CanceledToken_StaysFree()
    {
        var @lock = _manager.CreateLock();
        Assert.ThrowsAny<OperationCanceledException>(() => @lock.Acquire(cancellationToken: Canceled));
        Assert.False(@lock.IsLocked);
        var reentrant = _manager.CreateReentrantLock();
        Assert.ThrowsAny<OperationCanceledException>(() => reentrant.Acquire(cancellationToken: Canceled));
        Assert.False(reentrant.IsLocked);
    }

    [Fact]
    public void Semaphore_InvalidArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.CreateSemaphore(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.CreateBoundedSemaphore(-1));
        var semaphore = _manager.CreateSemaphore(0);
        Assert.Null(semaphore.TryAcquire());
        Assert.False(semaphore.Wait(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => semaphore.Release(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => semaphore.Release(-1));
        Assert.Equal(0, semaphore.CurrentCount);
        semaphore.Release(3);
        Assert.Equal(3, semaphore.CurrentCount);
        Assert.ThrowsAny<OperationCanceledException>(() => semaphore.Wait(cancellationToken: Canceled));
        Assert.Equal(3, semaphore.CurrentCount);
    }

    [Fact]
    public void BoundedSemaphore_ReleaseOfTooManyPermits_ReleasesNone()
    {
        var semaphore = _manager.CreateBoundedSemaphore(3);
        Assert.True(semaphore.Wait(TimeSpan.Zero));
        Assert.Throws<SemaphoreFullException>(() => semaphore.Release(2));
        Assert.Equal(2, semaphore.CurrentCount);
        semaphore.Release();
        Assert.Throws<SemaphoreFullException>(() => semaphore.Release());
        var hold = semaphore.Acquire();
        hold.Dispose();
        hold.Dispose();
        Assert.Equal(3, semaphore.CurrentCount);
    }

    [Fact]
    public void Semaphore_ReleaseOverflowsTheCount_IsRefused()
    {
        var semaphore = _manager.CreateSemaphore(int.MaxValue);
        Assert.ThrowsAny<Exception>(() => semaphore.Release(int.MaxValue));
        Assert.Equal(int.MaxValue, semaphore.CurrentCount);
    }

    [Fact]
    public void Condition_WithoutItsLock_IsRefused()
    {
        var condition = _manager.CreateCondition();
        Assert.Throws<LockNotHeldException>(() => condition.Notify());
        Assert.Throws<LockNotHeldException>(() => condition.NotifyAll());
        Assert.Throws<LockNotHeldException>(() => condition.Wait(TimeSpan.Zero));
        Assert.Throws<LockNotHeldException>(() => condition.WaitFor(() => false, Short));
        using (condition.Acquire())
        {
            condition.NotifyAll();
            condition.Notify(10);
            Assert.Throws<ArgumentOutOfRangeException>(() => condition.Notify(-1));
            Assert.False(condition.Wait(TimeSpan.Zero));
        }

        Assert.Throws<LockNotHeldException>(() => condition.Notify());
    }

    [Fact]
    public void Condition_WaitFor_CallsItsPredicateUnderTheLock()
    {
        var @lock = _manager.CreateLock();
        var condition = _manager.CreateCondition(@lock);
        using (condition.Acquire())
        {
            Assert.True(condition.WaitFor(() => @lock.IsLocked, TimeSpan.Zero));
            Assert.Throws<FormatException>(() => condition.WaitFor(() => throw new FormatException("mine")));
            Assert.True(@lock.IsLocked);
            Assert.Throws<ArgumentNullException>(() => condition.WaitFor(null!));
        }

        Assert.False(@lock.IsLocked);
    }

    [Fact]
    public async Task Condition_ReentrantLockHeldTwice_IsReleasedFullyDuringTheWait()
    {
        var @lock = _manager.CreateReentrantLock();
        var condition = _manager.CreateCondition(@lock);
        var waits = new ManualResetEventSlim();
        var waiting = Task.Factory.StartNew(
            () =>
            {
                using var outer = @lock.Acquire();
                using var inner = @lock.Acquire();
                waits.Set();
                return condition.Wait(TimeSpan.FromSeconds(20));
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        waits.Wait(TimeSpan.FromSeconds(10));
        using (condition.Acquire(TimeSpan.FromSeconds(10)))
            condition.Notify();
        Assert.True(await waiting.Soon());
        Assert.False(@lock.IsLocked);
    }

    [Fact]
    public void Event_SetOrResetTwice_HasNoFurtherEffect()
    {
        var @event = _manager.CreateEvent();
        Assert.False(@event.Wait(TimeSpan.Zero));
        @event.Set();
        @event.Set();
        Assert.True(@event.IsSet && @event.Wait(TimeSpan.Zero) && @event.Wait());
        @event.Reset();
        @event.Reset();
        Assert.False(@event.IsSet || @event.Wait(Short));
        Assert.ThrowsAny<OperationCanceledException>(() => @event.Wait(cancellationToken: Canceled));
    }

    [Fact]
    public void Barrier_InvalidArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.CreateBarrier(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.CreateBarrier(-1));
        var barrier = _manager.CreateBarrier(2);
        Assert.Throws<BrokenBarrierException>(() => barrier.SignalAndWait(TimeSpan.Zero));
        Assert.True(barrier.IsBroken);
        Assert.Throws<BrokenBarrierException>(() => barrier.SignalAndWait());
        barrier.Reset();
        barrier.Reset();
        Assert.Equal((false, 0, 2), (barrier.IsBroken, barrier.WaitingCount, barrier.ParticipantCount));
        Assert.ThrowsAny<OperationCanceledException>(() => barrier.SignalAndWait(cancellationToken: Canceled));
        Assert.Equal((false, 0), (barrier.IsBroken, barrier.WaitingCount));
    }

    [Fact]
    public async Task Barrier_ActionThrows_BreaksForTheOthers()
    {
        var barrier = _manager.CreateBarrier(2);
        var first = Task.Run(() => barrier.SignalAndWait(action: Throw));
        var second = Task.Run(() => barrier.SignalAndWait(action: Throw));
        var errors = new[] { await Record.ExceptionAsync(() => first.Soon()), await Record.ExceptionAsync(() => second.Soon()) };
        Assert.Equal(1, errors.Count(error => error is FormatException));
        Assert.Equal(1, errors.Count(error => error is BrokenBarrierException));
        Assert.True(barrier.IsBroken);
        static void Throw() => throw new FormatException("action");
    }
}
