using Actors.Checkers;

namespace Actors.Simulation.Tests.Checkers;

/// <summary>Each checker accepts a good history and reports a bad one.</summary>
public sealed class HistoryTests
{
    private static readonly QueueHistoryItem First = new(1, 1);
    private static readonly QueueHistoryItem Second = new(1, 2);

    [Fact]
    public void Jobs_EachEndsOnce_HasNoViolation()
    {
        var jobs = new JobHistory();
        jobs.RecordSubmission(1, "a", isAtMostOnce: true);
        jobs.RecordAcknowledgment(1);
        jobs.RecordBegin(1);
        jobs.RecordEnd(1, "Succeeded", "a");

        Assert.Empty(jobs.Violations);
        Assert.Empty(jobs.FindUnfinished());
    }

    [Fact]
    public void Jobs_EndTwice_AreReported() => Assert.Contains("ended twice", Assert.Single(Jobs(jobs =>
    {
        jobs.RecordEnd(1, "Canceled");
        jobs.RecordEnd(1, "Succeeded", "a");
    })), StringComparison.Ordinal);

    [Fact]
    public void Jobs_WrongResult_IsReported() =>
        Assert.Contains("instead of 'a'", Assert.Single(Jobs(jobs => jobs.RecordEnd(1, "Succeeded", "b"))), StringComparison.Ordinal);

    [Fact]
    public void Jobs_AtMostOnceBeginsTwice_IsReported() =>
        Assert.Contains("began 2 times", Assert.Single(Jobs(jobs => jobs.RecordBegin(1))), StringComparison.Ordinal);

    [Fact]
    public void Jobs_NeverSubmitted_AreReported() =>
        Assert.Contains("never submitted", Assert.Single(Jobs(jobs => jobs.RecordEnd(9, "Succeeded"))), StringComparison.Ordinal);

    [Fact]
    public void Jobs_NeverEnded_AreReported()
    {
        var jobs = new JobHistory();
        jobs.RecordSubmission(1);
        jobs.RecordAcknowledgment(1);
        jobs.RecordSubmission(2);
        jobs.ForgetUnacknowledged(2);

        Assert.Contains("Job 1", Assert.Single(jobs.FindUnfinished()), StringComparison.Ordinal);
    }

    [Fact]
    public void Queue_ItemsInOrder_HasNoViolation()
    {
        var queue = CreateQueue();
        Deliver(queue, First, consumer: 1);
        Deliver(queue, Second, consumer: 2);

        Assert.Empty(queue.FindViolations());
    }

    [Fact]
    public void Queue_ItemReachesTwoLiveConsumers_IsReported()
    {
        var queue = CreateQueue();
        Deliver(queue, First, consumer: 1);
        Deliver(queue, First, consumer: 2);
        Deliver(queue, Second, consumer: 2);

        Assert.Contains("both live", Assert.Single(queue.FindViolations()), StringComparison.Ordinal);
    }

    [Fact]
    public void Queue_ItemOfDeadConsumerIsDeliveredAgain_HasNoViolation()
    {
        var queue = CreateQueue();
        Deliver(queue, First, consumer: 1);
        Deliver(queue, Second, consumer: 2);
        queue.RecordDeath(1);
        Deliver(queue, First, consumer: 2);

        Assert.Empty(queue.FindViolations());
    }

    [Fact]
    public void Queue_ItemIsLost_IsReported()
    {
        var queue = CreateQueue();
        Deliver(queue, First, consumer: 1);

        Assert.Contains("reached no consumer", Assert.Single(queue.FindViolations()), StringComparison.Ordinal);
    }

    [Fact]
    public void Queue_ProducerIsOvertaken_IsReported()
    {
        var queue = CreateQueue();
        Deliver(queue, Second, consumer: 1);
        Deliver(queue, First, consumer: 1);

        Assert.Contains("was requested after", Assert.Single(queue.FindViolations()), StringComparison.Ordinal);
    }

    [Fact]
    public void Lock_OneHolderAtATime_HasNoViolation()
    {
        var held = new LockHistory();
        held.RecordAcquisition(1, 1);
        held.RecordRelease(1);
        held.RecordAcquisition(2, 2);
        held.RecordDeath(2);
        held.RecordAcquisition(1, 3);

        Assert.Empty(held.Violations);
    }

    [Fact]
    public void Lock_TwoHolders_AreReported()
    {
        var held = new LockHistory();
        held.RecordAcquisition(1, 1);
        held.RecordAcquisition(2, 2);

        Assert.Contains("while caller 1 held it", Assert.Single(held.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Lock_TokenIsReused_IsReported()
    {
        var held = new LockHistory();
        held.RecordAcquisition(1, 5);
        held.RecordRelease(1);
        held.RecordAcquisition(2, 5);

        Assert.Contains("after token 5", Assert.Single(held.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Semaphore_MoreHoldersThanPermits_AreReported()
    {
        var held = new SemaphoreHistory(2);
        held.RecordAcquisition(1);
        held.RecordAcquisition(2);
        held.RecordDeath(1);
        held.RecordAcquisition(3);
        Assert.Empty(held.Violations);
        held.RecordAcquisition(4);

        Assert.Contains("3 are held, of 2", Assert.Single(held.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Barrier_AllHaveArrived_HasNoViolation()
    {
        var barrier = new BarrierHistory(2);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            barrier.RecordArrival(1);
            barrier.RecordArrival(2);
            barrier.RecordPass(1, 1);
            barrier.RecordPass(2, 0);
        }

        Assert.Empty(barrier.Violations);
    }

    [Fact]
    public void Barrier_PartyPassesEarly_IsReported()
    {
        var barrier = new BarrierHistory(2);
        barrier.RecordArrival(1);
        barrier.RecordPass(1, 0);

        Assert.Contains("after 1 arrivals", Assert.Single(barrier.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Barrier_IndexIsGivenTwice_IsReported()
    {
        var barrier = new BarrierHistory(2);
        barrier.RecordArrival(1);
        barrier.RecordArrival(2);
        barrier.RecordPass(1, 0);
        barrier.RecordPass(2, 0);

        Assert.Contains("passed round 2", Assert.Single(barrier.Violations), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Jobs(Action<JobHistory> record)
    {
        var jobs = new JobHistory();
        jobs.RecordSubmission(1, "a", isAtMostOnce: true);
        jobs.RecordBegin(1);
        record(jobs);
        return jobs.Violations;
    }

    [Fact]
    public void Queue_ItemReachesADeadConsumerLate_HasNoViolation()
    {
        var queue = CreateQueue();
        queue.RecordDeath(1);
        Deliver(queue, First, 2);
        Deliver(queue, First, 1);

        Assert.Empty(queue.Violations);
    }

    private static QueueHistory CreateQueue()
    {
        var queue = new QueueHistory();
        queue.RecordPut(First);
        queue.RecordAcknowledgment(First);
        queue.RecordPut(Second);
        queue.RecordAcknowledgment(Second);
        return queue;
    }

    private static void Deliver(QueueHistory queue, QueueHistoryItem item, long consumer) =>
        queue.RecordDelivery(item, consumer, queue.RecordGet());
}
