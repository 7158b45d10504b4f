using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>Jobs with keys in a <see cref="DurablePoolActor"/>. The test plays the client.</summary>
public sealed class DurablePoolKeyTests : DurablePoolTestKit
{
    private readonly PoolId _id = PoolId.New();
    private readonly SessionId _session = SessionId.New();
    private readonly TestProbe _client;
    private IActorRef _pool;
    private long _submissions;

    public DurablePoolKeyTests()
    {
        _client = CreateTestProbe();
        _pool = Open();
    }

    [Fact]
    public void Submit_SameKeyAgain_ReturnsTheExistingJob()
    {
        Assert.Empty(Submit(Job(1, "a", 7)).Existing);
        Assert.Equal([Existing(2, 1, true), Existing(4, 1, false)], Submit(Job(2, "a", 7), Job(3, "b", 7), Job(4, "a", 8))
            .Existing.ToArray());
    }

    /// <summary>The handle of the second submission receives the outcome, which the first one has received before.</summary>
    [Fact]
    public void Submit_ExistingJobHasEnded_SendsItsOutcome()
    {
        Submit(Job(1, "a", 7));
        End(1);

        Submit(Job(2, "a", 7));

        Assert.Equal(new JobId(1), Assert.Single(_client.ExpectMsg<PoolProtocol.JobsEnded>().Outcomes).Id);
    }

    [Fact]
    public void Submit_PoolWasLoadedAgain_KnowsTheKeysOfPendingAndRetainedJobs()
    {
        Submit(Job(1, "a", 7), Job(2, "b", 7), Job(3, "c", 7));
        End(1);
        End(2);
        _pool.Tell(new PoolProtocol.ForgetOutcomes([new JobId(2)]), _client);
        Restart();

        Assert.Equal(
            [Existing(4, 1, true), Existing(6, 3, true)],
            Submit(Job(4, "a", 7), Job(5, "b", 7), Job(6, "c", 7)).Existing.ToArray());
        Assert.Equal(new JobId(1), Assert.Single(_client.ExpectMsg<PoolProtocol.JobsEnded>().Outcomes).Id);
    }

    /// <summary>The key is free from the acknowledgment on, and may be written with it in one record.</summary>
    [Fact]
    public void Submit_OutcomeIsAcknowledged_AcceptsANewJob()
    {
        Submit(Job(1, "a", 7));
        End(1);
        _pool.Tell(new PoolProtocol.ForgetOutcomes([new JobId(1)]), _client);

        Assert.Empty(Submit(Job(2, "a", 9)).Existing);
        Restart();
        Assert.Equal([Existing(3, 2, true)], Submit(Job(3, "a", 9)).Existing.ToArray());
    }

    /// <summary>The coordinator was lost with the answer. The client submits again, and the job is accepted once.</summary>
    [Fact]
    public void Submit_RepeatedAfterARestart_IsAcceptedOnce()
    {
        Submit(Job(1, "a", 7), Job(2, "a", 7));
        Restart();

        Assert.Equal([Existing(1, 1, true), Existing(2, 1, true)], Submit(Job(1, "a", 7), Job(2, "a", 7)).Existing.ToArray());
    }

    /// <summary>The answer was lost on the way. The client sends the submission again with its number.</summary>
    [Fact]
    public void Submit_RepeatedWithItsNumber_IsAnsweredAgain()
    {
        var submission = new PoolProtocol.SubmitJobs([Job(1, "a", 7), Job(2, "a", 8)], Number: 1);
        for (var i = 0; i < 3; i++)
        {
            _pool.Tell(submission, _client);
            var accepted = _client.ExpectMsg<PoolProtocol.KeyedJobsAccepted>();
            Assert.Equal(1, accepted.Number);
            Assert.Contains(Existing(2, 1, false), accepted.Existing);
        }
    }

    /// <summary>A closed pool refuses new jobs. The client of a lost answer still learns which jobs existed before.</summary>
    [Fact]
    public void Submit_PoolIsClosedByName_RefusesOnlyNewJobs()
    {
        Submit(Job(1, "a", 7), Job(2, "a", 7));
        var tool = CreateTestProbe();
        _pool.Tell(new PoolProtocol.CloseDurablePool(_id, CancelsJobs: false), tool);
        tool.ExpectMsg<PoolProtocol.DurablePoolClosed>();
        Restart();

        Assert.Equal([Existing(1, 1, true), Existing(2, 1, true)], Submit(Job(1, "a", 7), Job(2, "a", 7)).Existing.ToArray());

        _pool.Tell(new PoolProtocol.SubmitJobs([Job(3, "a", 7), Job(4, "b", 7)], Number: ++_submissions), _client);
        var refused = Assert.Single(_client.ExpectMsg<PoolProtocol.JobsEnded>().Outcomes);
        Assert.Equal((new JobId(4), JobStatus.Refused), (refused.Id, refused.Status));
        _pool.Tell(new PoolProtocol.AcknowledgeJobsEnded(1), _client);
        Assert.Equal([Existing(3, 1, true)], _client.ExpectMsg<PoolProtocol.KeyedJobsAccepted>().Existing.ToArray());
    }

    private PoolProtocol.KeyedJobsAccepted Submit(params JobSpec[] jobs)
    {
        _pool.Tell(new PoolProtocol.SubmitJobs([.. jobs], Number: ++_submissions), _client);
        return _client.ExpectMsg<PoolProtocol.KeyedJobsAccepted>();
    }

    private void End(long job)
    {
        _pool.Tell(new PoolProtocol.CancelJobs([new JobId(job)]), _client);
        Assert.Equal(new JobId(job), Assert.Single(_client.ExpectMsg<PoolProtocol.JobsEnded>().Outcomes).Id);
    }

    private void Restart()
    {
        // The answer comes after everything is written.
        _pool.Tell(new PoolProtocol.SubmitJobs([], Number: ++_submissions), _client);
        _client.ExpectMsg<PoolProtocol.JobsAccepted>();
        StopPool(_pool);
        _pool = Open();
    }

    private IActorRef Open()
    {
        var pool = StartPool(_id);
        pool.Tell(new PoolProtocol.OpenPool(_id, PoolSchedule.Spec() with { Name = "jobs" }, _session), _client);
        _client.ExpectMsg<PoolProtocol.PoolOpened>();
        _submissions = 0;
        return pool;
    }

    private static PoolProtocol.ExistingJob Existing(long submitted, long existing, bool isSame) =>
        new(new JobId(submitted), new JobId(existing), isSame);

    private static JobSpec Job(long id, string key, byte argument) =>
        new(new JobId(id), new FunctionRef("Program.F", default), new[] { argument }, new JobPolicy(0, 3, 0, key));
}
