using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Messages.Values;
using Actors.Pools;
using Actors.Runtime;
using Actors.Testing;
using Akka.TestKit;

namespace Actors.Client.Tests.Pools;

/// <summary>A client's session with a pool that the test plays.</summary>
public abstract class PoolSessionTestKit : PatientTestKit
{
    private volatile bool _expectsComparison;

    private protected PoolSessionTestKit()
    {
        Pool = CreateTestProbe();
        // A comparison follows a second without a message, so a loaded machine may see one at any time.
        Pool.IgnoreMessages(
            message => message is PoolProtocol.AcknowledgeJobsEnded or PoolProtocol.ForgetOutcomes or PoolProtocol.FindPool
                || (message is PoolProtocol.ComparePool && !_expectsComparison));
        Pool.AnswerSearches();
    }

    /// <summary>The options of a durable pool.</summary>
    private protected static PoolOptions Durable { get; } = new() { DurableName = "pool" };

    /// <summary>The pool.</summary>
    private protected TestProbe Pool { get; }

    private protected async Task<PoolSession> OpenAsync(
        PoolOptions options, int lastJob = 0, CoordinatorConnection? reconnect = null)
    {
        var opening = PoolSession.OpenAsync(
            new FakeRuntime(Sys, Pool), ProcessPool.CreateSpec(1, BundleId.ThisProcess, options), options, reconnect,
            CancellationToken.None);
        AnswerOpening(Pool.ExpectMsg<PoolProtocol.OpenPool>(), lastJob);
        return await opening;
    }

    /// <summary>Waits for the next comparison.</summary>
    private protected void ExpectComparison()
    {
        _expectsComparison = true;
        Pool.ExpectMsg<PoolProtocol.ComparePool>();
        _expectsComparison = false;
    }

    private protected void AnswerOpening(PoolProtocol.OpenPool open, int lastJob) =>
        Pool.Reply(new PoolProtocol.PoolOpened(open.Pool, new JobId(lastJob), IsClosed: false));

    private protected static JobHandle<int> Submit(PoolSession session, int number, string? key = null)
    {
        var job = new JobHandle<int>(new JobControl(session, null));
        session.SubmitJob(
            job.Pending, CallEncoder.PrepareCall(ReturnNumber, number), new JobPolicy(0, 3, 0, key), CancellationToken.None);
        return job;
    }

    private protected static JobOutcome Succeeded(int job) =>
        new(new JobId(job), JobStatus.Succeeded, ValueSerializer.ToBytes(job, out _), null, 1);

    private static int ReturnNumber(int number) => number;
}
