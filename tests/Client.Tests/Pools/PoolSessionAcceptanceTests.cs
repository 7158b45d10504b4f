using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

/// <summary>When the handle of a job learns that the pool has accepted the job. The test plays the pool.</summary>
public sealed class PoolSessionAcceptanceTests : PoolSessionTestKit
{
    [Fact]
    public async Task Id_DurableJobNotAccepted_ThrowsAndNamesAccepted()
    {
        var session = await OpenAsync(Durable, lastJob: 7);
        var job = Submit(session, 8);
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();

        Assert.False(job.Accepted.IsCompleted);
        Assert.Contains("Accepted", Assert.Throws<InvalidOperationException>(() => job.Id).Message, StringComparison.Ordinal);
        Assert.Equal(7, session.LastJob);

        Pool.Reply(new PoolProtocol.JobsAccepted(1));
        await job.Accepted;

        Assert.Equal(8, job.Id);
        Assert.Equal(8, session.LastJob);
    }

    /// <summary>A message that contains several jobs, and the jobs behind it.</summary>
    [Fact]
    public async Task Accepted_SeveralDurableJobs_CompletesInOrder()
    {
        var session = await OpenAsync(Durable);
        var jobs = Enumerable.Range(1, 3).Select(number => Submit(session, number)).ToList();
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();

        Pool.Reply(new PoolProtocol.JobsAccepted(1));
        await jobs[0].Accepted;
        Assert.Equal(2, Pool.ExpectMsg<PoolProtocol.SubmitJobs>().Jobs.Length);
        Assert.False(jobs[1].Accepted.IsCompleted);

        Pool.Reply(new PoolProtocol.JobsAccepted(2));
        await Task.WhenAll(jobs.Select(job => job.Accepted));
        Assert.Equal([1, 2, 3], jobs.Select(job => job.Id));
    }

    /// <summary>The pool does not confirm a single job by itself, because the outcome would wait for the confirmation.</summary>
    [Fact]
    public async Task Accepted_OnlyJobOfAnOrdinaryPool_AsksThePool()
    {
        var session = await OpenAsync(new PoolOptions());
        var job = Submit(session, 1);
        Assert.False(Pool.ExpectMsg<PoolProtocol.SubmitJobs>().WantsReply);
        Assert.Equal(1, job.Id);

        var accepted = job.Accepted;

        ExpectComparison();
        Assert.False(accepted.IsCompleted);
        Pool.Reply(new PoolProtocol.ComparePoolReply(1, 1, PoolProtocol.PoolEnding.Open));
        await accepted;
        Assert.Equal(JobState.Waiting, job.EndState);
    }

    [Fact]
    public async Task Accepted_OrdinaryJobAcceptedBefore_IsCompleted()
    {
        var session = await OpenAsync(new PoolOptions());
        var jobs = Enumerable.Range(1, 2).Select(number => Submit(session, number)).ToList();
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        Assert.True(Pool.ExpectMsg<PoolProtocol.SubmitJobs>().WantsReply);
        Pool.Reply(new PoolProtocol.JobsEnded([Succeeded(1)], Number: 1, Submitted: 2));
        await jobs[0].Task;

        Assert.True(jobs[0].Accepted.IsCompletedSuccessfully);
        await jobs[1].Accepted;
    }

    /// <summary>The confirmation is lost, and the outcome arrives.</summary>
    [Fact]
    public async Task Accepted_DurableJobEnds_IsCompleted()
    {
        var session = await OpenAsync(Durable);
        var job = Submit(session, 1);
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        Pool.Reply(new PoolProtocol.JobsEnded([Succeeded(1)], Number: 1, Submitted: 1));

        await job.Accepted;
        Assert.Equal(1, job.Id);
    }

    [Fact]
    public async Task Accepted_JobIsRefused_FailsWithTheReason()
    {
        var session = await OpenAsync(Durable);
        var job = Submit(session, 1);
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        var failure = FailureConverter.ToFailure(new ClientLimitException("too many"));
        Pool.Reply(new PoolProtocol.JobsEnded([new JobOutcome(new JobId(1), JobStatus.Refused, default, failure, 0)], 1, 1));
        Pool.Reply(new PoolProtocol.JobsAccepted(1));

        await Assert.ThrowsAsync<ClientLimitException>(() => job.Accepted);
        Assert.Throws<InvalidOperationException>(() => job.Id);
    }

    [Fact]
    public async Task Accepted_StoreFails_FailsWithTheReason()
    {
        var session = await OpenAsync(Durable);
        var job = Submit(session, 1);
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        Pool.Reply(new PoolProtocol.PoolInterrupted("disk full"));

        await Assert.ThrowsAsync<DurableStoreException>(() => job.Accepted);
        Assert.Throws<InvalidOperationException>(() => job.Id);
    }

    [Fact]
    public async Task Accepted_PoolIsLost_FailsWithTheReason()
    {
        var session = await OpenAsync(new PoolOptions());
        var job = Submit(session, 1);
        Pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        var accepted = job.Accepted;
        Sys.Stop(Pool);

        await Assert.ThrowsAsync<CoordinatorLostException>(() => accepted);
    }
}
