using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Messages.Values;
using Actors.Pools;
using Actors.Runtime;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Client.Tests.Pools;

/// <summary>The client's side of jobs with keys, when messages and the coordinator are lost. The test plays the pool.</summary>
public sealed class PoolSessionKeysTests : PatientTestKit
{
    private static readonly PoolOptions Durable = new() { DurableName = "pool" };

    private readonly TestProbe _pool;

    public PoolSessionKeysTests()
    {
        _pool = CreateTestProbe();
        _pool.IgnoreMessages(
            message => message is PoolProtocol.AcknowledgeJobsEnded or PoolProtocol.ForgetOutcomes or PoolProtocol.FindPool);
        // The client repeats its search until the pool is open.
        var path = Akka.Serialization.Serialization.SerializedActorPath(_pool);
        _pool.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            if (message is PoolProtocol.FindPool find)
                sender.Tell(new PoolProtocol.PoolFound(find.Pool, path), _pool);
            return AutoPilot.KeepRunning;
        }));
    }

    [Fact]
    public async Task KeyedJobsAccepted_JobExists_EndsAllHandlesWithItsOutcome()
    {
        var session = await OpenAsync();
        var first = Submit(session, 1, "a");
        _pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        _pool.Reply(new PoolProtocol.KeyedJobsAccepted(1, []));
        await first.Accepted;
        var others = new[] { Submit(session, 1, "a"), Submit(session, 1, "a") };
        _pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        _pool.Reply(new PoolProtocol.KeyedJobsAccepted(2, [Existing(2, 1)]));
        _pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        _pool.Reply(new PoolProtocol.KeyedJobsAccepted(3, [Existing(3, 1)]));
        await Task.WhenAll(others.Select(job => job.Accepted));

        Assert.Equal([1, 1], others.Select(job => job.Id));
        Assert.Equal((1, 1), (session.PendingJobs, session.LastJob));
        _pool.Reply(new PoolProtocol.JobsEnded([Succeeded(1)], Number: 1, Submitted: 3));
        Assert.Equal<int[]>([1, 1, 1], await Task.WhenAll(first.Task, others[0].Task, others[1].Task));
    }

    /// <summary>The comparison says that the submission was accepted, but not which of its jobs existed before.</summary>
    [Fact]
    public async Task KeyedJobsAccepted_IsLost_SubmissionIsSentAgain()
    {
        var session = await OpenAsync();
        var job = Submit(session, 1, "a");
        _pool.ExpectMsg<PoolProtocol.SubmitJobs>();

        _pool.ExpectMsg<PoolProtocol.ComparePool>();
        _pool.Reply(new PoolProtocol.ComparePoolReply(1, 1, PoolProtocol.PoolEnding.Open));

        Assert.Equal(1, _pool.ExpectMsg<PoolProtocol.SubmitJobs>().Number);
        Assert.False(job.Accepted.IsCompleted);
        _pool.Reply(new PoolProtocol.KeyedJobsAccepted(1, [new PoolProtocol.ExistingJob(new JobId(1), new JobId(9), IsSame: false)]));
        var conflict = await Assert.ThrowsAsync<JobKeyConflictException>(() => job.Accepted);
        Assert.Equal(("a", 9), (conflict.Key, conflict.JobId));
        Assert.Equal(0, session.PendingJobs);
    }

    [Fact]
    public async Task Cancel_BeforeTheJobIsKnownToExist_CancelsTheExistingJob()
    {
        var session = await OpenAsync();
        var job = Submit(session, 1, "a");
        _pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        job.Cancel();
        _pool.ExpectMsg<PoolProtocol.CancelJobs>();

        _pool.Reply(new PoolProtocol.KeyedJobsAccepted(1, [Existing(1, 5)]));

        Assert.Equal([new JobId(5)], _pool.ExpectMsg<PoolProtocol.CancelJobs>().Jobs.ToArray());
    }

    /// <summary>The pool was written, and its answer is lost with the coordinator.</summary>
    [Fact]
    public async Task OnLost_AnswerAboutKeysIsMissing_SubmitsAgainAndDoesNotAttach()
    {
        var next = new FakeRuntime(Sys, _pool);
        var session = await OpenAsync(_ => Task.FromResult<IClientRuntime>(next));
        var keyed = Submit(session, 1, "a");
        _pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        var other = Submit(session, 2, null);

        _pool.Reply(new PoolProtocol.PoolInterrupted("moves"));
        AnswerOpening(lastJob: 1);

        var again = _pool.ExpectMsg<PoolProtocol.SubmitJobs>();
        Assert.Equal([new JobId(1)], again.Jobs.Select(job => job.Id));
        _pool.Reply(new PoolProtocol.KeyedJobsAccepted(again.Number, [Existing(1, 1)]));
        await keyed.Accepted;
        Assert.Equal([new JobId(2)], _pool.ExpectMsg<PoolProtocol.SubmitJobs>().Jobs.Select(job => job.Id));
        _pool.Reply(new PoolProtocol.JobsEnded([Succeeded(1), Succeeded(2)], Number: 1, Submitted: 2));
        Assert.Equal<int[]>([1, 2], await Task.WhenAll(keyed.Task, other.Task));
    }

    private async Task<PoolSession> OpenAsync(Func<CancellationToken, Task<IClientRuntime>>? reopen = null)
    {
        var opening = PoolSession.OpenAsync(
            new FakeRuntime(Sys, _pool), ProcessPool.CreateSpec(1, BundleId.ThisProcess, Durable), Durable, reopen, CancellationToken.None);
        AnswerOpening(lastJob: 0);
        return await opening;
    }

    private void AnswerOpening(int lastJob)
    {
        var open = (PoolProtocol.OpenPool)_pool.FishForMessage(message => message is PoolProtocol.OpenPool);
        _pool.Reply(new PoolProtocol.PoolOpened(open.Pool, new JobId(lastJob), IsClosed: false));
    }

    private static JobHandle<int> Submit(PoolSession session, int number, string? key)
    {
        var job = new JobHandle<int>(payload => ValueSerializer.ReadValue<int>(payload.Span), new JobControl(session, null));
        session.SubmitJob(
            job.Pending, CallEncoder.PrepareCall(ReturnNumber, number), new JobPolicy(0, 3, 0, key), CancellationToken.None);
        return job;
    }

    private static int ReturnNumber(int number) => number;

    private static PoolProtocol.ExistingJob Existing(long submitted, long existing) =>
        new(new JobId(submitted), new JobId(existing), IsSame: true);

    private static JobOutcome Succeeded(int job) =>
        new(new JobId(job), JobStatus.Succeeded, ValueSerializer.ToBytes(job, out _), null, 1);
}
