using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Pools;
using Actors.Runtime;

namespace Actors.Client.Tests.Pools;

/// <summary>The client's side of jobs with keys, when messages and the coordinator are lost. The test plays the pool.</summary>
public sealed class PoolSessionKeysTests : PoolSessionTestKit
{
    [Fact]
    public async Task KeyedJobsAccepted_JobExists_EndsAllHandlesWithItsOutcome()
    {
        var session = await OpenAsync(Durable);
        var first = Submit(session, 1, "a");
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        Pool.Reply(new PoolProtocol.KeyedJobsAccepted(1, []));
        await first.Accepted;
        var others = new[] { Submit(session, 1, "a"), Submit(session, 1, "a") };
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        Pool.Reply(new PoolProtocol.KeyedJobsAccepted(2, [Existing(2, 1)]));
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        Pool.Reply(new PoolProtocol.KeyedJobsAccepted(3, [Existing(3, 1)]));
        await Task.WhenAll(others.Select(job => job.Accepted));

        Assert.Equal([1, 1], others.Select(job => job.Id));
        Assert.Equal((1, 1), (session.PendingJobs, session.LastJob));
        Pool.Reply(new PoolProtocol.JobsEnded([Succeeded(1)], Number: 1, Submitted: 3));
        Assert.Equal<int[]>([1, 1, 1], await Task.WhenAll(first.Task, others[0].Task, others[1].Task));
    }

    /// <summary>The comparison says that the submission was accepted, but not which of its jobs existed before.</summary>
    [Fact]
    public async Task KeyedJobsAccepted_IsLost_SubmissionIsSentAgain()
    {
        var session = await OpenAsync(Durable);
        var job = Submit(session, 1, "a");
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();

        ExpectComparison();
        Pool.Reply(new PoolProtocol.ComparePoolReply(1, 1, PoolProtocol.PoolEnding.Open));

        Assert.Equal(1, Pool.ExpectMsg<PoolProtocol.SubmitJobs>().Number);
        Assert.False(job.Accepted.IsCompleted);
        Pool.Reply(new PoolProtocol.KeyedJobsAccepted(1, [new PoolProtocol.ExistingJob(new JobId(1), new JobId(9), IsSame: false)]));
        var conflict = await Assert.ThrowsAsync<JobKeyConflictException>(() => job.Accepted);
        Assert.Equal(("a", 9), (conflict.Key, conflict.JobId));
        Assert.Equal(0, session.PendingJobs);
    }

    [Fact]
    public async Task Cancel_BeforeTheJobIsKnownToExist_CancelsTheExistingJob()
    {
        var session = await OpenAsync(Durable);
        var job = Submit(session, 1, "a");
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        job.Cancel();
        Pool.ExpectMsg<PoolProtocol.CancelJobs>();

        Pool.Reply(new PoolProtocol.KeyedJobsAccepted(1, [Existing(1, 5)]));

        Assert.Equal([new JobId(5)], Pool.ExpectMsg<PoolProtocol.CancelJobs>().Jobs.ToArray());
    }

    /// <summary>The pool was written, and its answer is lost with the coordinator.</summary>
    [Fact]
    public async Task OnLost_AnswerAboutKeysIsMissing_SubmitsAgainAndDoesNotAttach()
    {
        var next = new FakeRuntime(Sys, Pool);
        var session = await OpenAsync(Durable, reconnect: new CoordinatorConnection((_, _, _) => Task.FromResult<IClientRuntime>(next)));
        var keyed = Submit(session, 1, "a");
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        var other = Submit(session, 2, null);

        Pool.Reply(new PoolProtocol.PoolInterrupted("moves"));
        AnswerOpening(Pool.ExpectMsg<PoolProtocol.OpenPool>(), lastJob: 1);

        var again = Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        Assert.Equal([new JobId(1)], again.Jobs.Select(job => job.Id));
        Pool.Reply(new PoolProtocol.KeyedJobsAccepted(again.Number, [Existing(1, 1)]));
        await keyed.Accepted;
        Assert.Equal([new JobId(2)], Pool.ExpectMsg<PoolProtocol.SubmitJobs>().Jobs.Select(job => job.Id));
        Pool.Reply(new PoolProtocol.JobsEnded([Succeeded(1), Succeeded(2)], Number: 1, Submitted: 2));
        Assert.Equal<int[]>([1, 2], await Task.WhenAll(keyed.Task, other.Task));
    }

    [Fact]
    public async Task KeyedJobsAccepted_IsTheLastMessageOfAClosedPool_FinishesTheSession()
    {
        var session = await OpenAsync(Durable);
        var job = Submit(session, 1, "a");
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        session.Close();
        Pool.ExpectMsg<PoolProtocol.ClosePool>();
        Pool.Reply(new PoolProtocol.JobsEnded([Succeeded(1)], Number: 1, Submitted: 1));
        Pool.Reply(new PoolProtocol.PoolFinished(0, LastEnded: 1));
        Assert.Equal(1, await job.Task);

        Pool.Reply(new PoolProtocol.KeyedJobsAccepted(1, []));

        await session.Finished.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static PoolProtocol.ExistingJob Existing(long submitted, long existing) =>
        new(new JobId(submitted), new JobId(existing), IsSame: true);
}
