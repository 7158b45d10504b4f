using Actors.Coordinator.Journals;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>Named jobs and two builds in one <see cref="DurablePoolActor"/>. The test plays programs and nodes.</summary>
public sealed class DurablePoolNamedTests : DurablePoolTestKit
{
    private readonly PoolId _id = PoolId.New();
    private readonly Dictionary<BundleId, PlayedExecutor> _executors = [];
    private IActorRef _pool;

    public DurablePoolNamedTests() => _pool = StartPool(_id);

    [Fact]
    public void Submit_NewerBuildIsOpen_RunsItsFunction()
    {
        var old = Open(1, "render");
        Open(2, "render");

        Submit(old, 1);

        var job = Executor(2).NextJob();
        Assert.Equal((new JobId(1), "render of 2"), (job.Id, job.Function.Name));
        Executor(2).End(job.Id);
        Assert.Equal(JobStatus.Succeeded, NextOutcome(old).Status);
    }

    [Fact]
    public void Open_NewerBuild_RunsTheWaitingJobsOfTheOlder()
    {
        var old = Open(1, "render");
        Submit(old, 1);
        var running = Executor(1).NextJob();
        Submit(old, 2);

        Open(2, "render");
        Executor(1).ReturnJobs();

        var moved = Executor(2).NextJob();
        Assert.Equal((new JobId(2), "render of 2"), (moved.Id, moved.Function.Name));
        Assert.Equal("render of 1", running.Function.Name);
        Executor(2).End(moved.Id);
        Executor(1).End(running.Id);
        Assert.Equal([1, 2], new[] { NextOutcome(old), NextOutcome(old) }.Select(outcome => outcome.Id.Value).Order());
    }

    [Fact]
    public void Open_NewerBuild_CountsTheAttemptsThatWereLostInTheOlder()
    {
        var old = Open(1, "render");
        Submit(old, 1);
        var job = Executor(1).NextJob();
        old.Client.IgnoreNoMessages();
        Executor(1).Crash(job.Id);
        old.Client.FishForMessage(message => message is PoolProtocol.WorkerEnded);

        Open(2, "render");
        Executor(2).End(Executor(2).NextJob().Id);

        Assert.Equal(2, NextOutcome(old).Attempts);
    }

    [Fact]
    public void Submit_NewestHasOtherTypes_FailsTheJobAndRetainsIt()
    {
        var old = Open(1, "render");
        Open(2, [Function(2, "render", signature: 8)]);

        Submit(old, 1);

        var outcome = NextOutcome(old);
        Assert.Equal((JobStatus.Refused, "Actors.FunctionNotFoundException"), (outcome.Status, outcome.Failure!.TypeName));
        Assert.Contains("'render'", outcome.Failure.Message, StringComparison.Ordinal);
        Open(3, "render");
        ChangeJob(PoolProtocol.JobChange.Retry, 1);
        Assert.Equal("render of 3", Executor(3).NextJob().Function.Name);
    }

    /// <summary>The program of the only build that knows the name has left, and the code is only there.</summary>
    [Fact]
    public void Load_NoBuildKnowsTheName_KeepsTheJobUntilOneDoes()
    {
        Submit(Open(1, "render"), 1);
        var log = CreateTestProbe();
        Sys.EventStream.Subscribe(log, typeof(DurablePoolEvent));

        Restart(runsEveryBuild: false);

        log.FishForMessage(
            message => message is DurablePoolEvent.WaitingForBuild { Jobs: 1, Job: "render" });
        Open(2, "print");
        Assert.True(Assert.Single(ListJobs()).WaitsForBuild);
        Open(3, "render");
        Assert.Equal("render of 3", Executor(3).NextJob().Function.Name);
        Assert.False(Assert.Single(ListJobs()).WaitsForBuild);
    }

    [Fact]
    public void Attach_NoBuildKnowsTheName_TellsTheClientAndKeepsTheJob()
    {
        Submit(Open(1, "render"), 1);
        Restart(runsEveryBuild: false);
        var other = Open(2, "print");

        _pool.Tell(new PoolProtocol.AttachToJobs([new JobId(1)]), other.Client);

        var answer = NextOutcome(other);
        Assert.Equal((new JobId(1), JobStatus.WithoutBuild), (answer.Id, answer.Status));
        Assert.Contains("'render'", answer.Failure!.Message, StringComparison.Ordinal);
        Assert.True(Assert.Single(ListJobs()).WaitsForBuild);
        var third = Open(3, "render");
        _pool.Tell(new PoolProtocol.AttachToJobs([new JobId(1)]), third.Client);
        Executor(3).End(Executor(3).NextJob().Id);
        Assert.Equal(JobStatus.Succeeded, NextOutcome(third).Status);
    }

    [Fact]
    public void Cancel_WaitingJob_EndsIt()
    {
        Submit(Open(1, "render"), 1);
        Restart(runsEveryBuild: false);
        var other = Open(2, "print");

        ChangeJob(PoolProtocol.JobChange.Cancel, 1);

        _pool.Tell(new PoolProtocol.AttachToJobs([new JobId(1)]), other.Client);
        Assert.Equal(JobStatus.Canceled, NextOutcome(other).Status);
    }

    [Fact]
    public void Load_TwoBuilds_RunsNamedJobsWithTheNewest()
    {
        var old = Open(1, "render");
        Open(2, "render");
        Submit(old, 1, 2);
        Submit(old, 3);
        Restart(runsEveryBuild: true);
        _pool.Tell(new PoolProtocol.FindPool(_id));

        var job = Executor(2).NextJob();

        Assert.Equal((new JobId(1), "render of 2"), (job.Id, job.Function.Name));
    }

    [Fact]
    public void Open_InvalidNames_IsRefused()
    {
        var client = CreateTestProbe();
        _pool.Tell(new PoolProtocol.OpenPool(_id, Spec(1), Functions: [Function(1, "a"), Function(1, "a")]), client);
        client.ExpectMsg<PoolProtocol.PoolRefused>();
        _pool.Tell(new PoolProtocol.OpenPool(_id, Spec(1), Functions: [null!]), client);
        client.ExpectMsg<PoolProtocol.PoolRefused>();
        var many = Enumerable.Range(0, NamedFunction.MaxCount + 1).Select(index => Function(1, $"{index}"));
        _pool.Tell(new PoolProtocol.OpenPool(_id, Spec(1), Functions: [.. many]), client);
        client.ExpectMsg<PoolProtocol.PoolRefused>();
        _pool.Tell(new PoolProtocol.OpenPool(_id, Spec(1), Functions: [Function(1, new string('x', 201))]), client);
        client.ExpectMsg<PoolProtocol.PoolRefused>();
    }

    private void Restart(bool runsEveryBuild)
    {
        StopPool(_pool);
        _executors.Clear();
        _pool = StartPool(_id, runsEveryBuild);
    }

    private static NamedFunction Function(int build, string name, long signature = 7) =>
        new(new JobName(name, signature, RunsNewest: true), new FunctionRef($"{name} of {build}", new byte[] { (byte)build }));

    private OpenedSession Open(int build, string name) => Open(build, [Function(build, name)]);

    private OpenedSession Open(int build, NamedFunction[] functions)
    {
        var client = CreateTestProbe();
        client.IgnoreMessages(message => message is PoolProtocol.WorkerStarted or PoolProtocol.WorkerEnded);
        _pool.Tell(new PoolProtocol.OpenPool(_id, Spec(build), SessionId.New(), Functions: [.. functions]), client);
        return new OpenedSession(client, client.ExpectMsg<PoolProtocol.PoolOpened>().Range, functions[0]);
    }

    private void Submit(OpenedSession session, params int[] jobs)
    {
        var policy = new JobPolicy(0, 3) with { Named = session.Function.Name with { Signature = 7 } };
        _pool.Tell(
            new PoolProtocol.SubmitJobs([.. jobs.Select(job => new JobSpec(new JobId(job), session.Function.Function, default, policy))]),
            session.Client);
        session.Client.FishForMessage(message => message is PoolProtocol.JobsAccepted);
    }

    private static JobOutcome NextOutcome(OpenedSession session) => Assert.Single(
        ((PoolProtocol.JobsEnded)session.Client.FishForMessage(message => message is PoolProtocol.JobsEnded)).Outcomes);

    private void ChangeJob(PoolProtocol.JobChange change, long job)
    {
        var client = CreateTestProbe();
        _pool.Tell(new PoolProtocol.ChangeJobs(_id, change, [new JobId(job)]), client);
        Assert.Single(client.ExpectMsg<PoolProtocol.JobsChanged>().Jobs);
    }

    private IEnumerable<PoolProtocol.ListedJob> ListJobs()
    {
        var client = CreateTestProbe();
        _pool.Tell(new PoolProtocol.ListJobs(_id, default, 10), client);
        return client.ExpectMsg<PoolProtocol.JobsListed>().Jobs;
    }

    /// <summary>Gets the executor of a build, and starts those that are requested before.</summary>
    private PlayedExecutor Executor(int build)
    {
        while (!_executors.ContainsKey(Bundle(build)))
        {
            var executor = StartExecutor();
            _executors[executor.Spec.Bundle] = executor;
        }

        return _executors[Bundle(build)];
    }

    private sealed record OpenedSession(TestProbe Client, long Range, NamedFunction Function);
}
