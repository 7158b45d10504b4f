using System.Collections.Immutable;
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

/// <summary>Several programs, of one or two builds, in one <see cref="DurablePoolActor"/>. The test plays programs and nodes.</summary>
public sealed class DurablePoolBuildsTests : DurablePoolTestKit
{
    private readonly PoolId _id = PoolId.New();
    private IActorRef _pool;

    public DurablePoolBuildsTests() => _pool = StartPool(_id);

    [Fact]
    public void Open_TwoPrograms_HaveDifferentIds()
    {
        var (first, second) = (Open(1), Open(1));

        Assert.Equal((0, 1), (first.Range, second.Range));
        Submit(first, 1);
        Submit(second, 1);
        Assert.Equal(new JobId(1), ToJob(first, 1));
        Assert.Equal(new JobId(10_000_000_001), ToJob(second, 1));
    }

    /// <summary>Programs open the pool with ever new code and large settings, and disconnect without notice.</summary>
    [Fact]
    public void Open_ManyLargeBuildsWithoutJobs_FewAreRemembered()
    {
        OpenedSession OpenLarge(int build, OpenedSession? continued = null)
        {
            var (client, session) = (CreateTestProbe(), continued?.Session ?? SessionId.New());
            var spec = Spec(build) with { InitializerArguments = new byte[2 << 20] };
            _pool.Tell(new PoolProtocol.OpenPool(_id, spec, session, continued?.Range ?? -1), client);
            if (client.ExpectMsg<object>() is not PoolProtocol.PoolOpened opened)
                return new OpenedSession(client, session, -1, default);
            Watch(client);
            Sys.Stop(client);
            ExpectTerminated(client);
            return new OpenedSession(client, session, opened.Range, opened.LastJob);
        }

        var sessions = Enumerable.Range(1, 40).Select(build => OpenLarge(build)).ToList();

        Assert.Equal(-1, OpenLarge(1, sessions[0]).Range);
        Assert.Equal(sessions[^2].Range, OpenLarge(39, sessions[^2]).Range);
    }

    [Fact]
    public void Outcome_GoesToTheSubmitterOnly()
    {
        var (first, second) = (Open(1), Open(1));
        var executor = StartExecutor();
        Submit(first, 1);
        Submit(second, 1);

        executor.End(ToJob(first, 1));
        executor.End(ToJob(second, 1));

        Assert.Equal(ToJob(first, 1), NextOutcome(first).Id);
        Assert.Equal(ToJob(second, 1), NextOutcome(second).Id);
    }

    [Fact]
    public void Submit_IdOfAnotherSession_DisconnectsTheProgram()
    {
        var (first, second) = (Open(1), Open(1));

        _pool.Tell(new PoolProtocol.SubmitJobs([Job(ToJob(first, 1))]), second.Client);

        second.Client.ExpectMsg<PoolProtocol.PoolRefused>();
        Submit(first, 1);
    }

    [Fact]
    public void Submit_TwoBuilds_RunInTheirOwnExecutors()
    {
        var (old, current) = (Open(1), Open(2));
        var executors = new[] { StartExecutor(), StartExecutor() }.ToDictionary(executor => executor.Spec.Bundle);
        Submit(old, 1);
        Submit(current, 1);

        Assert.Equal(ToJob(old, 1), executors[Bundle(1)].NextJob().Id);
        Assert.Equal(ToJob(current, 1), executors[Bundle(2)].NextJob().Id);
    }

    /// <summary>The coordinator was lost with both programs. The jobs of each build continue with its code and options.</summary>
    [Fact]
    public void Load_JobsOfTwoBuilds_RunsEachWithItsCode()
    {
        Submit(Open(1, processes: 3), 1);
        Submit(Open(2, processes: 5), 1);
        Nodes.ExpectMsg<NodesProtocol.RequestExecutors>();
        Nodes.ExpectMsg<NodesProtocol.RequestExecutors>();

        Restart();
        _pool.Tell(new PoolProtocol.FindPool(_id));

        var requests = new[] { NextRequest(), NextRequest() };
        Assert.Equal(
            [(Bundle(1), 3), (Bundle(2), 5)],
            requests.Select(request => (request.Spec.Bundle, request.Executors)).OrderBy(build => build.Executors));
    }

    /// <summary>The last program of a build has left, and its last job has ended. The other build continues.</summary>
    [Fact]
    public void Close_LastProgramOfABuild_ReleasesItsExecutors()
    {
        var old = Open(1);
        var executor = StartExecutor();
        Open(2);
        Submit(old, 1);
        _pool.Tell(new PoolProtocol.ClosePool(), old.Client);
        executor.End(ToJob(old, 1));
        Assert.Equal(ToJob(old, 1), NextOutcome(old).Id);

        // The program learns of the end after its workers have ended.
        executor.Retire();

        old.Client.FishForMessage(message => message is PoolProtocol.PoolFinished);
        Submit(Open(2), 1);
    }

    [Fact]
    public void Close_AnotherProgramOfTheBuildContinues_IsAnsweredAfterItsOwnJobs()
    {
        var (first, second) = (Open(1), Open(1));
        var executor = StartExecutor();
        Submit(first, 1);
        Submit(second, 1);

        _pool.Tell(new PoolProtocol.ClosePool(), first.Client);
        executor.End(ToJob(first, 1));

        Assert.Equal(ToJob(first, 1), NextOutcome(first).Id);
        first.Client.FishForMessage(message => message is PoolProtocol.PoolFinished);
        executor.End(ToJob(second, 1));
        Assert.Equal(ToJob(second, 1), NextOutcome(second).Id);
    }

    [Fact]
    public void Open_SessionAfterARestart_ContinuesWithItsIds()
    {
        var (first, second) = (Open(1), Open(1));
        Submit(second, 1, 2);
        Restart();

        var again = Open(1, second);
        Assert.Equal((second.Range, ToJob(second, 2)), (again.Range, again.LastJob));
        // Sent again, because the client does not know that it was accepted.
        Submit(again, 2);
        Assert.Equal(first.Range, Open(1, first).Range);
        Assert.Equal(2, Open(1).Range);
    }

    /// <summary>The pool was deleted and created again. The ids of the program might belong to another one by now.</summary>
    [Fact]
    public void Open_UnknownSessionWithAUsedRange_IsRefused()
    {
        Open(1);
        var client = CreateTestProbe();

        _pool.Tell(new PoolProtocol.OpenPool(_id, Spec(1), SessionId.New(), Range: 0), client);

        Assert.Contains("does not know", client.ExpectMsg<PoolProtocol.PoolRefused>().Reason, StringComparison.Ordinal);
        _pool.Tell(new PoolProtocol.OpenPool(_id, Spec(1), SessionId.New(), Range: 7), client);
        Assert.Equal(7, client.ExpectMsg<PoolProtocol.PoolOpened>().Range);
        Assert.Equal(8, Open(1).Range);
    }

    /// <summary>One request with the last range made the pool useless for all programs, for ever.</summary>
    [Fact]
    public void Open_UnknownSessionWithAHugeRange_IsRefused()
    {
        var client = CreateTestProbe();
        foreach (var range in new[] { SessionRange.Last, SessionRange.Last + 1, long.MaxValue, SessionRange.Last / 2 })
        {
            _pool.Tell(new PoolProtocol.OpenPool(_id, Spec(1), SessionId.New(), range), client);
            Assert.Contains("Open the pool again", client.ExpectMsg<PoolProtocol.PoolRefused>().Reason, StringComparison.Ordinal);
        }

        Assert.Equal(0, Open(1).Range);
    }

    /// <summary>A pool is loaded from a store without sessions, in which an earlier version has numbered the jobs.</summary>
    [Fact]
    public void Open_StoreOfAnEarlierVersion_AssignsAnotherRange()
    {
        var (client, id) = (CreateTestProbe(), PoolId.New());
        WriteRecord(id, new PoolRecord(0, Spec(1), [Job(new JobId(5))], [], [], [], [], false));
        var pool = StartPool(id);

        pool.Tell(new PoolProtocol.OpenPool(id, Spec(1)), client);

        Assert.Equal(1, client.ExpectMsg<PoolProtocol.PoolOpened>().Range);
        pool.Tell(new PoolProtocol.AttachToJobs([new JobId(5)]), client);
        StartExecutor().End(new JobId(5));
        Assert.Equal(new JobId(5), Assert.Single(
            ((PoolProtocol.JobsEnded)client.FishForMessage(message => message is PoolProtocol.JobsEnded)).Outcomes).Id);
    }

    private void Restart()
    {
        StopPool(_pool);
        _pool = StartPool(_id);
    }

    private OpenedSession Open(int build, OpenedSession? continued = null, int processes = 1)
    {
        var (client, session) = (CreateTestProbe(), continued?.Session ?? SessionId.New());
        client.IgnoreMessages(message => message is PoolProtocol.WorkerStarted or PoolProtocol.WorkerEnded);
        _pool.Tell(new PoolProtocol.OpenPool(_id, Spec(build, processes), session, continued?.Range ?? -1), client);
        var opened = client.ExpectMsg<PoolProtocol.PoolOpened>();
        return new OpenedSession(client, session, opened.Range, opened.LastJob);
    }

    private void Submit(OpenedSession session, params int[] jobs)
    {
        _pool.Tell(new PoolProtocol.SubmitJobs([.. jobs.Select(job => Job(ToJob(session, job)))]), session.Client);
        session.Client.ExpectMsg<PoolProtocol.JobsAccepted>();
    }

    private static JobId ToJob(OpenedSession session, int number) => new(SessionRange.GetStart(session.Range).Value + number);

    private static JobSpec Job(JobId id) => new(id, new FunctionRef("f", default), default, new JobPolicy(0, 3));

    private static JobOutcome NextOutcome(OpenedSession session) =>
        Assert.Single(session.Client.ExpectMsg<PoolProtocol.JobsEnded>().Outcomes);

    private NodesProtocol.RequestExecutors NextRequest() => Nodes.ExpectMsg<NodesProtocol.RequestExecutors>();

    private sealed record OpenedSession(TestProbe Client, SessionId Session, long Range, JobId LastJob);
}
