using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using static Actors.Coordinator.Tests.Objects.ObjectCalls;

namespace Actors.Coordinator.Tests.Objects;

public sealed class QueueStateTests
{
    private static readonly Caller A = new(1);
    private static readonly Caller B = new(2);

    [Fact]
    public void Put_WithoutCapacityAndTime_ReturnsTheStoredCount()
    {
        var reply = Assert.Single(new QueueState(2, new InsertionOrder(newestFirst: false)).Ask(A, Put(1, [1, 2, 3], timeout: 0)));
        Assert.Equal((ObjectStatus.Full, 2), (reply.Status, reply.Number));
    }

    [Fact]
    public void Put_NothingIntoAFullQueue_IsAnsweredAtOnce()
    {
        var queue = new QueueState(1, new InsertionOrder(newestFirst: false));
        queue.Ask(A, Put(1, [1, 2]));
        Assert.Equal(ObjectStatus.Ok, Assert.Single(queue.Ask(A, Put(2, []))).Status);
    }

    [Fact]
    public void Put_AboveTheCapacity_CompletesAsItemsAreReceived()
    {
        var queue = new QueueState(1, new InsertionOrder(newestFirst: false));
        Assert.Empty(queue.Ask(A, Put(1, [1, 2, 3])));
        Assert.Equal([1], Assert.Single(queue.Ask(B, Get(1, most: 5))).Items());
        var replies = queue.Ask(B, Get(2, most: 5));
        Assert.Equal([2], replies[0].Items());
        Assert.Equal((1, ObjectStatus.Ok, 3), (replies[1].Call, replies[1].Status, replies[1].Number));
    }

    [Fact]
    public void Figures_FullOrEmptyQueue_CountItemsAndWaitingCalls()
    {
        var queue = new QueueState(1, new InsertionOrder(newestFirst: false));
        queue.Ask(A, Put(1, [1, 2, 3]));
        Assert.Equal(new ObjectFigures(Count: 1, Capacity: 1, WaitingPuts: 1), queue.Figures);

        var empty = new QueueState(0, new InsertionOrder(newestFirst: false));
        empty.Ask(A, Get(1, most: 1));
        Assert.Equal(new ObjectFigures(Waiting: 1), empty.Figures);
    }

    [Fact]
    public void Get_MoreThanStored_ReturnsAllStored()
    {
        var queue = new QueueState(0, new InsertionOrder(newestFirst: false));
        queue.Ask(A, Put(1, [1, 2]));
        Assert.Equal([1, 2], Assert.Single(queue.Ask(B, Get(1, most: 10))).Items());
    }

    [Fact]
    public void Get_FromAnEmptyQueueWithoutTime_IsEmpty() =>
        Assert.Equal(ObjectStatus.Empty, Assert.Single(new QueueState(0, new InsertionOrder(newestFirst: false)).Ask(A, Get(1, timeout: 0)))
            .Status);

    [Fact]
    public void ExpireCalls_AtTheDeadlineAndNotBefore_AnswersEmpty()
    {
        var queue = new QueueState(0, new InsertionOrder(newestFirst: false));
        queue.Ask(A, Get(1, timeout: 10));
        Assert.Equal(TimeSpan.FromMilliseconds(10), queue.NextDeadline);
        Assert.Empty(queue.TickAt(9.9));
        Assert.Equal(ObjectStatus.Empty, Assert.Single(queue.TickAt(10)).Status);
        Assert.Null(queue.NextDeadline);
    }

    [Fact]
    public void Get_LongestTimeout_WaitsForever()
    {
        var queue = new QueueState(0, new InsertionOrder(newestFirst: false));
        queue.Ask(A, Get(1, timeout: long.MaxValue));
        Assert.Null(queue.NextDeadline);
    }

    [Fact]
    public void AbandonCall_AnswerOnItsWay_DeliversTheItemToTheNext()
    {
        var queue = new QueueState(0, new InsertionOrder(newestFirst: false));
        queue.Ask(A, Put(1, [1]));
        queue.Ask(A, Get(2));
        queue.Ask(B, Get(1));
        Assert.Equal([1], Assert.Single(queue.Abandon(A, 2)).Items());
    }

    [Fact]
    public void AbandonCall_Several_KeepsTheOrder()
    {
        var queue = new QueueState(0, new InsertionOrder(newestFirst: false));
        queue.Ask(A, Put(1, [1, 2, 3]));
        queue.Ask(A, Get(2));
        queue.Ask(B, Get(1));
        queue.Abandon(A, 2);
        queue.Abandon(B, 1);
        Assert.Equal([1, 2, 3], Assert.Single(queue.Ask(B, Get(2, most: 3))).Items());
    }

    [Fact]
    public void AbandonCall_WaitingPut_KeepsItsStoredItems()
    {
        var queue = new QueueState(1, new InsertionOrder(newestFirst: false));
        queue.Ask(A, Put(1, [1, 2]));
        queue.Abandon(A, 1);
        Assert.Equal([1], Assert.Single(queue.Ask(B, Get(1, most: 5))).Items());
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void RemoveCaller_BeforeTheReceipt_ReturnsTheItemAboveTheCapacity()
    {
        var queue = new QueueState(1, new InsertionOrder(newestFirst: false));
        queue.Ask(A, Put(1, [1]));
        queue.Ask(B, Get(1));
        queue.Ask(A, Put(2, [2]));
        Assert.Empty(queue.Die(B));
        Assert.Equal(2, queue.Count);
        Assert.Equal(ObjectStatus.Full, Assert.Single(queue.Ask(A, Put(3, [3], timeout: 0))).Status);
    }

    [Fact]
    public void RemoveCaller_AfterTheReceipt_ReturnsNothing()
    {
        var queue = new QueueState(0, new InsertionOrder(newestFirst: false));
        queue.Ask(A, Put(1, [1]));
        queue.Ask(B, Get(1));
        queue.ConfirmReceipt(B, 1);
        queue.Die(B);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void RemoveCaller_SameCallNumber_LeavesOthersUnchanged()
    {
        var queue = new QueueState(0, new InsertionOrder(newestFirst: false));
        queue.Ask(A, Put(1, [1, 2]));
        queue.Ask(A, Get(7));
        queue.Ask(B, Get(7));
        queue.Die(B);
        Assert.Equal([2], Assert.Single(queue.Ask(A, Get(8, most: 5))).Items());
    }

    [Fact]
    public void HandleCall_LockOperation_IsNotSupported() =>
        Assert.Equal(ObjectStatus.NotSupported, Assert.Single(new QueueState(0, new InsertionOrder(newestFirst: false)).Ask(A, Acquire(1)))
            .Status);
}
