using Actors.Chaos.Load;

namespace Actors.Chaos.Tests;

public class LedgerTests
{
    private readonly Violations _violations = new();

    [Fact]
    public void Jobs_EachEndsOnceWithItsResult_Hold()
    {
        var jobs = new JobLedger(_violations);
        jobs.RecordResult(jobs.AddJob(), ChaosWork.ComputeResult(1));

        jobs.RequireAllEnded();

        Assert.Equal((1, 1, 0), (jobs.Submitted, jobs.Correct, _violations.Count));
    }

    [Fact]
    public void Jobs_WrongTwiceFailedOrUnfinished_AreViolations()
    {
        var jobs = new JobLedger(_violations);
        for (var job = 0; job < 3; job++)
            jobs.AddJob();
        jobs.RecordResult(1, 5);
        jobs.RecordResult(1, ChaosWork.ComputeResult(1));
        jobs.RecordFailure(2, "an error");
        jobs.RecordStep(3, $"submission {1} waits");
        jobs.RequireAllEnded();

        Assert.Collection(
            _violations.Texts,
            text => Assert.StartsWith("Job 1 ended with 5 instead of", text, StringComparison.Ordinal),
            text => Assert.Equal("Job 1 ended twice.", text),
            text => Assert.Equal("Job 2 failed: an error", text),
            text => Assert.Equal("Job 3 has not ended: submission 1 waits.", text));
    }

    [Fact]
    public void Jobs_TwoWithOneId_AreAViolation()
    {
        var jobs = new JobLedger(_violations);
        jobs.RecordAccepted(1, 7);
        jobs.RecordAccepted(1, 7);
        Assert.Equal(0, _violations.Count);

        jobs.RecordAccepted(2, 7);

        Assert.Equal("Job 2 and job 1 were both accepted as job 7.", Assert.Single(_violations.Texts));
    }

    [Fact]
    public void Queue_EachItemOnceInOrder_Holds()
    {
        var queue = CreateQueue(4);
        queue.RecordReceived(1, 1);
        queue.RecordReceived(2, 2);
        queue.RecordReceived(1, 3);
        queue.RecordReceived(2, 4);

        queue.RequireAllReceived();

        Assert.True(queue.IsComplete);
        Assert.Equal(0, _violations.Count);
    }

    [Fact]
    public void Queue_LostTwiceDisorderedOrInvented_AreViolations()
    {
        var queue = CreateQueue(4);
        queue.RecordReceived(1, 3);
        queue.RecordReceived(1, 2);
        queue.RecordReceived(2, 3);
        queue.RecordReceived(3, 9);
        queue.RequireAllReceived();

        Assert.Equal(
            [
                "Consumer 1 received queue item 2 after 3.", "Queue item 3 was delivered twice.",
                "The queue delivered 9, which nobody put.",
                "Queue item 1 was stored and never delivered.", "Queue item 4 was stored and never delivered.",
            ],
            _violations.Texts);
    }

    [Fact]
    public void Queue_LostWithItsCoordinator_MissesNothing()
    {
        var queue = CreateQueue(2);
        queue.RecordReceived(1, 1);
        queue.ForgetLostQueue();

        queue.RequireAllReceived();

        Assert.Equal(0, _violations.Count);
    }

    [Fact]
    public void Lock_TwoHoldersOrOldToken_AreViolations()
    {
        var locks = new LockLedger(_violations);
        locks.RecordAcquired(1, 1);
        locks.RecordReleasing(1);
        locks.RecordAcquired(1, 2);
        locks.RecordAcquired(2, 1);
        Assert.Equal(0, _violations.Count);

        locks.RecordAcquired(1, 3);
        locks.RecordReleasing(1);
        locks.RecordReleasing(1);
        locks.RecordAcquired(1, 3);

        Assert.Equal(["Lock 1 has 2 holders at once.", "Lock 1 gave token 3 after 3."], _violations.Texts);
    }

    private QueueLedger CreateQueue(int items)
    {
        var queue = new QueueLedger(_violations);
        for (var item = 0; item < items; item++)
            queue.RecordStored(queue.CreateItem());
        return queue;
    }
}
