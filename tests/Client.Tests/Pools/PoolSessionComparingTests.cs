using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Messages.Values;
using Actors.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Client.Tests.Pools;

/// <summary>The client's side of lost messages.</summary>
public sealed class PoolSessionComparingTests : PatientTestKit
{
    /// <summary>The outcomes arrive, so nothing is pending, but later jobs still wait for the acceptance of the earlier ones.</summary>
    [Fact]
    public async Task JobsAccepted_LostAndAllJobsEnd_LaterJobsAreSent()
    {
        var (pool, session) = await OpenAsync();
        var first = Submit(session, 1);
        var second = Submit(session, 2);
        pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        Assert.True(pool.ExpectMsg<PoolProtocol.SubmitJobs>().WantsReply);
        pool.Reply(new PoolProtocol.JobsEnded([Succeeded(1), Succeeded(2)], Number: 1, Submitted: 2));
        var results = await Task.WhenAll(first.Task, second.Task);
        Assert.Equal([1, 2], results);

        Assert.Equal(1, pool.ExpectMsg<PoolProtocol.ComparePool>().Acknowledged);
        pool.Reply(new PoolProtocol.ComparePoolReply(2, 2, PoolProtocol.PoolEnding.Open));
        _ = Submit(session, 3);

        Assert.Equal(3, pool.ExpectMsg<PoolProtocol.SubmitJobs>().Number);
    }

    /// <summary>The pool must not close before it has the submission.</summary>
    [Fact]
    public async Task Close_AfterASubmission_NamesIt()
    {
        var (pool, session) = await OpenAsync();
        _ = Submit(session, 1);
        session.Close(cancelPending: false);

        Assert.Equal(1, pool.ExpectMsg<PoolProtocol.SubmitJobs>().Number);
        Assert.Equal(1, pool.ExpectMsg<PoolProtocol.ClosePool>().Submitted);
    }

    private async Task<(TestProbe Pool, PoolSession Session)> OpenAsync()
    {
        var pool = CreateTestProbe();
        pool.IgnoreMessages(message => message is PoolProtocol.AcknowledgeJobsEnded);
        var options = new PoolOptions();
        var opening = PoolSession.OpenAsync(
            new FakeRuntime(Sys, pool), ProcessPool.CreateSpec(1, BundleId.ThisProcess, options), options, null, CancellationToken.None);
        var open = pool.ExpectMsg<PoolProtocol.OpenPool>();
        pool.Reply(new PoolProtocol.PoolOpened(open.Pool, default, IsClosed: false));
        return (pool, await opening);
    }

    private static JobHandle<int> Submit(PoolSession session, int number)
    {
        var job = new JobHandle<int>(new JobControl(session, null));
        session.SubmitJob(job.Pending, CallEncoder.PrepareCall(ReturnNumber, number), new JobPolicy(0, 3), CancellationToken.None);
        return job;
    }

    private static int ReturnNumber(int number) => number;

    private static JobOutcome Succeeded(int job) =>
        new(new JobId(job), JobStatus.Succeeded, ValueSerializer.ToBytes(job, out _), null, 1);
}
