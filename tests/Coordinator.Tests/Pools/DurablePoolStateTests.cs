using System.Collections.Immutable;
using Actors.Coordinator.Clients;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Coordinator.Tests.Clients;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>
/// The decisions of a durable pool. The test plays programs, builds and the journal, and decides when a record is written. The simulation
/// (<c>tests/Simulation.Tests</c>) runs the same class under random faults, and has found the bugs that most of these tests repeat.
/// </summary>
public sealed class DurablePoolStateTests : IDurablePoolHost
{
    private readonly PoolId _id = PoolId.FromName("jobs");
    private readonly Recipient _journal = new();
    private readonly List<Recipient> _builds = [];
    private readonly Queue<object> _writes = new();
    private DurablePoolState _state = null!;
    private bool _isUnloaded;
    private readonly List<DurablePoolEvent> _events = [];
    private bool _isReloaded;

    public DurablePoolStateTests() => Load(runsEveryBuild: true);

    /// <summary>Another program of the build continues, so its workers do.</summary>
    [Fact]
    public void Close_SeveralOutcomesInOneRecord_FinishesAfterTheLastOutcome()
    {
        var (client, _) = (Open(SessionId.New()), Open(SessionId.New()));
        Submit(client, 1, 1, 2, 3);
        _state.ReceiveMessage(new PoolProtocol.ClosePool(1), client);
        WriteAll();
        // The first record is in flight when the other outcomes arrive.
        foreach (var job in new[] { 1, 2, 3 })
            End(job);
        client.Sent.Clear();

        WriteAll();

        Assert.Equal([1, 2, 3], client.TakeOutcomes().Select(outcome => outcome.Id.Value));
        Assert.Equal(3, Assert.IsType<PoolProtocol.PoolFinished>(client.Sent[^1]).LastEnded);
    }

    /// <summary>A late request of a former connection must not leave the program without an answer.</summary>
    [Fact]
    public void Open_SessionThatIsConnected_InterruptsItsOtherConnection()
    {
        var session = SessionId.New();
        var current = Open(session);

        Open(session, range: 0);

        Assert.IsType<PoolProtocol.PoolInterrupted>(current.Sent[^1]);
    }

    /// <summary>The pool may run at another coordinator by now, which knows the job. Then the write fails.</summary>
    [Fact]
    public void Attach_UnknownJob_IsAnsweredAfterAWrite()
    {
        var client = Open(SessionId.New());

        _state.ReceiveMessage(new PoolProtocol.AttachToJobs([new JobId(7)]), client);

        Assert.Empty(client.TakeOutcomes());
        WriteAll();
        Assert.Equal(JobStatus.Unknown, Assert.Single(client.TakeOutcomes()).Status);
    }

    /// <summary>One message can name a job two million times.</summary>
    [Fact]
    public void Attach_JobIsNamedTwice_SendsItsOutcomeOnce()
    {
        var client = Open(SessionId.New());
        Submit(client, 1, 1);
        WriteAll();
        End(1);
        WriteAll();
        client.Sent.Clear();

        _state.ReceiveMessage(new PoolProtocol.AttachToJobs([new JobId(1), new JobId(1), new JobId(7), new JobId(7)]), client);
        WriteAll();

        Assert.Equal([1, 7], client.TakeOutcomes().Select(outcome => outcome.Id.Value));
    }

    /// <summary>The answers are kept until the client has received them, and a message has room for two million ids.</summary>
    [Fact]
    public void Attach_UnknownJobsAboveTheMemory_DisconnectsTheClient()
    {
        var usage = new ClientUsage(TestLimits.Read("actors.client-limits.job-memory = 1MiB"));
        var client = new Recipient();
        SendOpen(client, SessionId.New(), usage: usage);
        WriteAll();
        var jobs = Enumerable.Range(1000, 4000).Select(id => new JobId(id)).ToImmutableArray();

        _state.ReceiveMessage(new PoolProtocol.AttachToJobs(jobs), client);
        Assert.InRange(usage.GetUsed(ClientResource.JobMemory), 64 * jobs.Length, 1 << 20);
        WriteAll();
        Assert.Equal(jobs.Length, client.TakeOutcomes().Length);
        Assert.InRange(usage.GetUsed(ClientResource.JobMemory), 64 * jobs.Length, 1 << 20);

        // The store is slow, and the answers of these wait for it.
        for (var message = 0; message < 3; message++)
            _state.ReceiveMessage(new PoolProtocol.AttachToJobs(jobs), client);
        Assert.True(Assert.IsType<PoolProtocol.PoolRefused>(client.Sent[^1]).IsOverLimit);
        Assert.Equal(0, usage.GetUsed(ClientResource.JobMemory));
        client.Sent.Clear();
        WriteAll();
        Assert.Empty(client.Sent);
    }

    /// <summary>A client could fill the store with ids.</summary>
    [Fact]
    public void Forget_UnknownOrRepeatedJobs_WritesEachOutcomeOnce()
    {
        var client = Open(SessionId.New());
        Submit(client, 1, 1);
        End(1);
        WriteAll();

        _state.ReceiveMessage(
            new PoolProtocol.ForgetOutcomes([new JobId(7), new JobId(1), new JobId(1), new JobId(1L << 50)]), client);

        Assert.Equal(new JobId(1), Assert.Single(WriteNext().Forgotten));
    }

    [Fact]
    public void Attach_JournalBelongsToAnotherCoordinator_ReportsNoJobAsUnknown()
    {
        var client = Open(SessionId.New());
        _state.ReceiveMessage(new PoolProtocol.AttachToJobs([new JobId(7)]), client);

        _state.ReceiveMessage(new JournalProtocol.JournalFailed("cannot be written."), _journal);

        Assert.Empty(client.TakeOutcomes());
        Assert.IsType<PoolProtocol.PoolInterrupted>(client.Sent[^1]);
    }

    [Fact]
    public void Open_ContinuedSessionOfAnEndedPool_LearnsOfTheEnd()
    {
        var session = SessionId.New();
        var client = Open(session);
        Submit(client, 1, 1);
        End(1);
        _state.ReceiveMessage(new PoolProtocol.CloseDurablePool(_id, CancelsJobs: false), new Recipient());
        WriteAll();
        FinishBuilds();
        _state.Disconnect(_state.Links.Single());

        var again = Open(session, range: 0);

        Assert.IsType<PoolProtocol.PoolFinished>(again.Sent[^1]);
        Assert.IsType<PoolProtocol.PoolOpened>(Open(SessionId.New()).Sent[^1]);
    }

    /// <summary>Otherwise a job whose refusal is lost would count as accepted.</summary>
    [Fact]
    public void Submit_ClosedPool_IsAnsweredAfterTheRefusalIsReceived()
    {
        var client = Open(SessionId.New());
        Submit(client, 1, 1);
        _state.ReceiveMessage(new PoolProtocol.CloseDurablePool(_id, CancelsJobs: false), new Recipient());
        WriteAll();
        client.Sent.Clear();

        Submit(client, 2, 2);

        Assert.Equal(JobStatus.Refused, Assert.Single(client.TakeOutcomes()).Status);
        Assert.DoesNotContain(client.Sent, message => message is PoolProtocol.JobsAccepted);
        _state.ReceiveMessage(new PoolProtocol.AcknowledgeJobsEnded(1), client);
        Assert.Equal(2, client.Sent.OfType<PoolProtocol.JobsAccepted>().Single().Number);
    }

    /// <summary>The program may not have received that its pool has ended, and connects again.</summary>
    [Fact]
    public void Disconnect_FinishedSession_CanBeContinuedUntilTheProgramDetaches()
    {
        var session = SessionId.New();
        var (client, _) = (Open(session), Open(SessionId.New()));
        _state.ReceiveMessage(new PoolProtocol.ClosePool(), client);
        Assert.IsType<PoolProtocol.PoolFinished>(client.Sent[^1]);
        _state.OnLost(client);
        WriteAll();

        var again = Open(session, range: 0);

        Assert.Equal(0, again.Sent.OfType<PoolProtocol.PoolOpened>().Single().Range);
        _state.ReceiveMessage(new PoolProtocol.DetachFromPool(Unload: false), again);
        WriteAll();
        Assert.IsType<PoolProtocol.PoolRefused>(Open(session, range: 0).Sent[^1]);
    }

    /// <summary>The program does not know yet that its connection is lost, and its last submission did not arrive.</summary>
    [Fact]
    public void Detach_ConnectionWasLost_IsInterruptedUntilTheProgramHasLeft()
    {
        var session = SessionId.New();
        var (client, detach) = (Open(session), new PoolProtocol.DetachFromPool(Unload: false, Submitted: 1, Range: 0));
        _state.OnLost(client);
        _state.ReceiveMessage(detach, client);
        WriteAll();
        Assert.IsType<PoolProtocol.PoolInterrupted>(client.Sent[^1]);

        var again = Open(session, range: 0);
        Submit(again, 1, 1);
        _state.ReceiveMessage(detach, again);
        WriteAll();
        Assert.IsType<PoolProtocol.PoolFinished>(again.Sent[^1]);
        // The answer may be lost.
        _state.ReceiveMessage(detach, again);
        Assert.Equal(2, again.Sent.OfType<PoolProtocol.PoolFinished>().Count());
    }

    /// <summary>The request arrives while the pool is read, before its builds have their jobs.</summary>
    [Fact]
    public void Change_CancelsWhileThePoolIsRead_CancelsTheJobInItsBuild()
    {
        var record = new PoolRecord(0, Spec, [Job(1)], [], [], [], [], false, [new StoredSession(SessionId.New(), 0, Spec.Bundle)]);
        var state = CreateState();
        state.ReceiveMessage(new PoolProtocol.ChangeJobs(_id, PoolProtocol.JobChange.Cancel, [new JobId(1)]), new Recipient());

        state.ReceiveMessage(new JournalProtocol.RecordRead(record), _journal);
        state.ReceiveMessage(new JournalProtocol.ReadCompleted(), _journal);
        state.ReceiveMessage(new JournalProtocol.RecordWritten(), _journal);

        Assert.Collection(
            Assert.Single(_builds).Sent,
            message => Assert.IsType<BuildActor.PauseJobs>(message),
            message => Assert.IsType<BuildActor.RestoreJobs>(message),
            message => Assert.IsType<PoolProtocol.CancelJobs>(message));
    }

    /// <summary>The program has opened the pool for its outcomes.</summary>
    [Fact]
    public void Open_PoolThatHasEndedIsRead_DoesNotEndTheNewSession()
    {
        var (state, client) = (CreateState(), new Recipient());
        var record = new PoolRecord(0, Spec, [Job(1)], [], [], [Outcome(1)], [], true);
        state.ReceiveMessage(new JournalProtocol.RecordRead(record), _journal);
        state.ReceiveMessage(new PoolOpening(new PoolProtocol.OpenPool(_id, Spec, SessionId.New()), Usage: null), client);

        state.ReceiveMessage(new JournalProtocol.ReadCompleted(), _journal);
        state.ReceiveMessage(new JournalProtocol.RecordWritten(), _journal);

        Assert.True(Assert.IsType<PoolProtocol.PoolOpened>(Assert.Single(client.Sent)).IsClosed);
    }

    [Fact]
    public void Close_LastOutcomeIsAcknowledged_DeletesThePool()
    {
        var client = Open(SessionId.New());
        Submit(client, 1, 1);
        End(1);
        _state.ReceiveMessage(new PoolProtocol.CloseDurablePool(_id, CancelsJobs: false), new Recipient());
        WriteAll();
        FinishBuilds();

        _state.ReceiveMessage(new PoolProtocol.ForgetOutcomes([new JobId(1)]), client);
        WriteAll();

        Assert.True(_isUnloaded);
        Assert.True(_state.IsUnloaded);
        Assert.Equal<DurablePoolEvent>(
            [new DurablePoolEvent.Started("jobs", 0, 0), new DurablePoolEvent.Closed("jobs", 0), new DurablePoolEvent.Deleted("jobs")],
            _events);
    }

    [Fact]
    public void OnTick_NoClientsAndJobsForSomeTime_UnloadsThePool()
    {
        var client = Open(SessionId.New());
        Submit(client, 1, 1);
        End(1);
        WriteAll();
        _state.OnLost(client);

        _state.OnTick(TimeSpan.Zero, 0);
        _state.OnTick(TimeSpan.FromSeconds(6), 0);
        FinishBuilds();

        Assert.True(_isUnloaded);
        Assert.Equal(new DurablePoolEvent.Unloaded("jobs", 1), _events[^1]);
    }

    /// <summary>Jobs without a client must not wait for one. The other cases are those in which nothing waits for the store.</summary>
    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    public void JournalFailed_PoolHasJobsOrNot_IsLoadedAgainIfTheStoreFailed(bool hasJobs, bool isOwnedElsewhere, bool isReloaded)
    {
        var client = Open(SessionId.New());
        if (hasJobs)
            Submit(client, 1, 1);

        _state.ReceiveMessage(new JournalProtocol.JournalFailed("cannot be written.", isOwnedElsewhere), _journal);
        FinishBuilds();
        _state.OnLateTimeElapsed();

        Assert.Equal((isReloaded, !isReloaded), (_isReloaded, _isUnloaded));
    }

    [Fact]
    public void JournalFailed_BeforeThePoolIsRead_IsLoadedAgain()
    {
        var state = CreateState();

        state.ReceiveMessage(new JournalProtocol.JournalFailed("cannot be read."), _journal);

        Assert.True(_isReloaded);
    }

    /// <summary>A worker may report a job again, and a job may be canceled, before its outcome is written.</summary>
    [Fact]
    public void JobsEnded_OutcomeIsNotWritten_OtherOutcomesAreDropped()
    {
        var client = Open(SessionId.New());
        Submit(client, 1, 1);

        End(1);
        End(1);
        _state.ReceiveMessage(new PoolProtocol.CancelJobs([new JobId(1)]), client);
        WriteAll();

        Assert.Equal(JobStatus.Succeeded, Assert.Single(client.TakeOutcomes()).Status);
    }

    /// <summary>The build fails before the job is written, which then ends with the failure. A new build must not run it.</summary>
    [Fact]
    public void PoolFailed_FailureOfAJobIsNotWritten_NewBuildDoesNotGetIt()
    {
        var client = Open(SessionId.New());
        _state.ReceiveMessage(new PoolProtocol.SubmitJobs([Job(1)], Number: 1), client);
        var failed = _builds.Single();
        _state.ReceiveMessage(new PoolProtocol.PoolFailed(FailureInfo.FromMessage("E", "failed")), failed);
        _state.ReceiveMessage(new PoolProtocol.PoolFinished(0), failed);

        WriteNext();

        Assert.DoesNotContain(_builds.SelectMany(build => build.Sent), IsRestored(1));
        WriteAll();
        Assert.Equal(JobStatus.PoolFailed, Assert.Single(client.TakeOutcomes()).Status);
    }

    /// <summary>A build with the types of the job arrives after the job was refused, and before that is written.</summary>
    [Fact]
    public void Open_RefusalOfANamedJobIsNotWritten_NewBuildDoesNotGetIt()
    {
        Load(runsEveryBuild: false);
        var named = new JobName("render", Signature: 7, RunsNewest: true);
        var client = Open(SessionId.New(), build: 1, function: named);
        Open(SessionId.New(), build: 2, function: named with { Signature = 8 });
        _state.ReceiveMessage(new PoolProtocol.SubmitJobs([Job(1)], Number: 1), client);

        // The job and the session are in one record, the next one.
        var job = Job(2) with { Policy = new JobPolicy(0, 3) { Named = named } };
        _state.ReceiveMessage(new PoolProtocol.SubmitJobs([job], Number: 2), client);
        SendOpen(new Recipient(), SessionId.New(), build: 3, function: named);
        WriteNext();
        WriteNext();

        Assert.DoesNotContain(_builds.SelectMany(build => build.Sent), IsRestored(2));
        WriteAll();
        Assert.Equal(JobStatus.Refused, Assert.Single(client.TakeOutcomes()).Status);
    }

    /// <summary>A local pool is read before its program connects, so the named job waits for a build.</summary>
    [Fact]
    public void Open_NamedJobMayHaveBegunBefore_IsRestoredAsBegun()
    {
        var named = new JobName("render", Signature: 7, RunsNewest: true);
        var job = Job(1) with { Policy = JobPolicy.Once with { Named = named } };
        var record = new PoolRecord(
            0, Spec, [job], [job.Id], [], [], [], false, [new StoredSession(SessionId.New(), 0, Spec.Bundle)]);
        _state = CreateState(runsEveryBuild: false);
        _state.ReceiveMessage(new JournalProtocol.RecordRead(record), _journal);
        SendOpen(new Recipient(), SessionId.New(), function: named);
        _state.ReceiveMessage(new JournalProtocol.ReadCompleted(), _journal);

        WriteAll();

        var restored = Assert.Single(_builds).Sent.OfType<BuildActor.RestoreJobs>().SelectMany(restore => restore.Jobs);
        Assert.True(Assert.Single(restored).MayHaveBegun);
    }

    /// <summary>The pool has written that the job may begin, and its build has returned the job.</summary>
    [Fact]
    public void Open_NewerBuildTakesOverAnAtMostOnceJob_IsRestoredAsNotBegun()
    {
        var named = new JobName("render", Signature: 7, RunsNewest: true);
        var client = Open(SessionId.New(), build: 1, function: named);
        var job = Job(1) with { Policy = JobPolicy.Once with { Named = named } };
        _state.ReceiveMessage(new PoolProtocol.SubmitJobs([job], Number: 1), client);
        WriteAll();
        _state.ReceiveMessage(new BuildActor.JobsStarting([job.Id]), _builds[0]);
        WriteAll();
        Open(SessionId.New(), build: 2, function: named);

        _state.ReceiveMessage(
            new PoolProtocol.JobsEnded([new JobOutcome(job.Id, JobStatus.Canceled, default, null, 0)]), _builds[0]);
        WriteAll();

        var restored = _builds[1].Sent.OfType<BuildActor.RestoreJobs>().SelectMany(restore => restore.Jobs);
        Assert.False(Assert.Single(restored).MayHaveBegun);
    }

    /// <summary>Two programs of one build use the pool, and only the first one does not read its results.</summary>
    [Fact]
    public void JobsEnded_AnotherProgramDropsOutcomes_RetainsThoseOfThisProgram()
    {
        var (dropping, reading) = (Open(SessionId.New(), spec: Spec with { DropsOutcomes = true }), Open(SessionId.New()));
        var (dropped, retained) = (Job(1), Job(1) with { Id = new JobId(SessionRange.GetStart(1).Value + 1) });
        _state.ReceiveMessage(new PoolProtocol.SubmitJobs([dropped], Number: 1), dropping);
        _state.ReceiveMessage(new PoolProtocol.SubmitJobs([retained], Number: 1), reading);
        WriteAll();

        _state.ReceiveMessage(
            new PoolProtocol.JobsEnded([Outcome(1), Outcome(1) with { Id = retained.Id }]), _builds[0]);

        var record = WriteNext();
        Assert.Equal([dropped.Id], record.Forgotten.ToArray());
        Assert.Equal(2, record.Ended.Length);
    }

    [Fact]
    public void OnTick_AnotherProgramHasAShorterRetention_RetainsTheOutcomesOfThisProgram()
    {
        var client = Open(SessionId.New(), spec: Spec with { ResultRetentionMilliseconds = long.MaxValue / 2 });
        Submit(client, 1, 1);
        End(1);
        WriteAll();

        Open(SessionId.New(), spec: Spec with { ResultRetentionMilliseconds = 1 });
        _state.OnTick(TimeSpan.Zero, sinceEpoch: long.MaxValue / 2);

        Assert.Empty(_writes);
    }

    /// <summary>A tool may end as soon as it is answered.</summary>
    [Fact]
    public void Change_CancelsAJobInABuild_IsAnsweredWhenThatIsWritten()
    {
        var (client, tool) = (Open(SessionId.New()), new Recipient());
        Submit(client, 1, 1);

        _state.ReceiveMessage(new PoolProtocol.ChangeJobs(_id, PoolProtocol.JobChange.Cancel, [new JobId(1)]), tool);

        Assert.Empty(tool.Sent);
        Assert.Equal([new JobId(1)], WriteNext().Canceled.ToArray());
        Assert.Equal([new JobId(1)], Assert.IsType<PoolProtocol.JobsChanged>(Assert.Single(tool.Sent)).Jobs.ToArray());
    }

    [Fact]
    public void Close_CancelsJobs_IsAnsweredWhenThatIsWritten()
    {
        Load(runsEveryBuild: false);
        var (client, tool) = (Open(SessionId.New()), new Recipient());
        Submit(client, 1, 1);
        _state.OnLost(client);
        FinishBuilds();

        _state.ReceiveMessage(new PoolProtocol.CloseDurablePool(_id, CancelsJobs: true), tool);

        Assert.True(WriteNext().IsClosed);
        Assert.Empty(tool.Sent);
        Assert.Equal(JobStatus.Canceled, Assert.Single(WriteNext().Ended).Status);
        Assert.IsType<PoolProtocol.DurablePoolClosed>(Assert.Single(tool.Sent));
    }

    [Fact]
    public void ReadCompleted_ToolHasCanceledAJob_EndsItWithoutABuild()
    {
        var record = new PoolRecord(
            0, Spec, [Job(1), Job(2)], [], [], [], [], false, [new StoredSession(SessionId.New(), 0, Spec.Bundle)],
            Canceled: [new JobId(1)]);
        _state = CreateState();
        _state.ReceiveMessage(new JournalProtocol.RecordRead(record), _journal);
        _state.ReceiveMessage(new JournalProtocol.ReadCompleted(), _journal);
        WriteNext();

        Assert.DoesNotContain(_builds.SelectMany(build => build.Sent), IsRestored(1));
        Assert.Contains(_builds.SelectMany(build => build.Sent), IsRestored(2));
        var outcome = Assert.Single(WriteNext().Ended);
        Assert.Equal((new JobId(1), JobStatus.Canceled), (outcome.Id, outcome.Status));
    }

    /// <summary>A record applies acknowledgments first, so the job that runs again would be forgotten.</summary>
    [Fact]
    public void Forget_RetryIsNotWritten_KeepsTheJob()
    {
        var client = Open(SessionId.New());
        Submit(client, 1, 1, 2);
        _state.ReceiveMessage(new PoolProtocol.JobsEnded([Outcome(1) with { Status = JobStatus.Threw }]), _builds[0]);
        WriteAll();
        End(2);

        // The record with the outcome of the other job is in flight.
        _state.ReceiveMessage(new PoolProtocol.ChangeJobs(_id, PoolProtocol.JobChange.Retry, [new JobId(1)]), new Recipient());
        _state.ReceiveMessage(new PoolProtocol.ForgetOutcomes([new JobId(1)]), client);
        WriteNext();

        var record = WriteNext();
        Assert.Equal([new JobId(1)], record.Retried.ToArray());
        Assert.Empty(record.Forgotten);
    }

    /// <summary>The job has ended again meanwhile, and nobody has received its new outcome.</summary>
    [Fact]
    public void Forget_OutcomeBeforeARetry_KeepsTheOutcomeAfterIt()
    {
        var client = Open(SessionId.New());
        Submit(client, 1, 1);
        FailAndRetry();
        // Not written yet, and then written.
        End(1);
        _state.ReceiveMessage(new PoolProtocol.ForgetOutcomes([new JobId(1)]), client);
        WriteAll();
        _state.ReceiveMessage(new PoolProtocol.ForgetOutcomes([new JobId(1)]), client);
        WriteAll();
        client.Sent.Clear();

        _state.ReceiveMessage(new PoolProtocol.AttachToJobs([new JobId(1)]), client);

        Assert.Equal(JobStatus.Succeeded, Assert.Single(client.TakeOutcomes()).Status);
        _state.ReceiveMessage(new PoolProtocol.ForgetOutcomes([new JobId(1)]), client);
        Assert.Equal([new JobId(1)], WriteNext().Forgotten.ToArray());
    }

    /// <summary>The submitter has acknowledged the outcome before the retry, and nobody that after it.</summary>
    [Fact]
    public void Disconnect_SessionThatAttachedBeforeARetry_KeepsTheOutcomeAfterIt()
    {
        var (client, other) = (Open(SessionId.New()), Open(SessionId.New()));
        Submit(client, 1, 1);
        _state.ReceiveMessage(new PoolProtocol.AttachToJobs([new JobId(1)]), other);
        _state.ReceiveMessage(new PoolProtocol.JobsEnded([Outcome(1) with { Status = JobStatus.Threw }]), _builds[0]);
        WriteAll();
        _state.ReceiveMessage(new PoolProtocol.ForgetOutcomes([new JobId(1)]), client);
        _state.ReceiveMessage(new PoolProtocol.ChangeJobs(_id, PoolProtocol.JobChange.Retry, [new JobId(1)]), new Recipient());
        WriteAll();
        End(1);
        WriteAll();

        _state.OnLost(other);
        WriteAll();

        client.Sent.Clear();
        _state.ReceiveMessage(new PoolProtocol.AttachToJobs([new JobId(1)]), client);
        Assert.Equal(JobStatus.Succeeded, Assert.Single(client.TakeOutcomes()).Status);
    }

    private void FailAndRetry()
    {
        _state.ReceiveMessage(new PoolProtocol.JobsEnded([Outcome(1) with { Status = JobStatus.Threw }]), _builds[0]);
        WriteAll();
        _state.ReceiveMessage(new PoolProtocol.ChangeJobs(_id, PoolProtocol.JobChange.Retry, [new JobId(1)]), new Recipient());
        WriteAll();
    }

    IRecipient IDurablePoolHost.StartBuild(PoolSpec spec)
    {
        _builds.Add(new Recipient());
        return _builds[^1];
    }

    void IDurablePoolHost.StopBuild(IRecipient build) => _builds.Remove((Recipient)build);

    void IDurablePoolHost.WatchClient(IRecipient client)
    {
    }

    void IDurablePoolHost.UnwatchClient(IRecipient client)
    {
    }

    void IDurablePoolHost.StartOpenTime()
    {
    }

    void IDurablePoolHost.StartLateTime()
    {
    }

    void IDurablePoolHost.UnloadPool() => _isUnloaded = true;

    void IDurablePoolHost.ReloadPool() => _isReloaded = true;

    void IDurablePoolHost.PublishEvent(DurablePoolEvent change) => _events.Add(change);

    private void Load(bool runsEveryBuild)
    {
        _state = CreateState(runsEveryBuild);
        _state.ReceiveMessage(new JournalProtocol.ReadCompleted(), _journal);
    }

    private DurablePoolState CreateState(bool runsEveryBuild = true) => new(
        _id, new PoolJournal(_writes.Enqueue, TimeProvider.System), this, runsEveryBuild,
        new DurableCharge(usage: null));

    private static PoolSpec Spec => PoolSchedule.Spec() with { Name = "jobs", Bundle = new BundleId(1, 0) };

    private static JobSpec Job(int id) => new(new JobId(id), new FunctionRef("f", default), default, new JobPolicy(0, 3));

    private Recipient Open(
        SessionId session, long range = -1, ulong build = 1, JobName? function = null, PoolSpec? spec = null)
    {
        var client = new Recipient();
        SendOpen(client, session, range, build, function, spec);
        WriteAll();
        return client;
    }

    private void SendOpen(
        Recipient client, SessionId session, long range = -1, ulong build = 1, JobName? function = null, PoolSpec? options = null,
        ClientUsage? usage = null)
    {
        ImmutableArray<NamedFunction> functions = function is null ? [] : [new NamedFunction(function, new FunctionRef("f", default))];
        var spec = (options ?? Spec) with { Bundle = new BundleId(build, 0) };
        _state.ReceiveMessage(new PoolOpening(new PoolProtocol.OpenPool(_id, spec, session, range, functions), usage), client);
    }

    private void Submit(Recipient client, long number, params int[] jobs)
    {
        _state.ReceiveMessage(new PoolProtocol.SubmitJobs([.. jobs.Select(Job)], Number: number), client);
        WriteAll();
    }

    private void End(int job) => _state.ReceiveMessage(new PoolProtocol.JobsEnded([Outcome(job)]), _builds[0]);

    private static JobOutcome Outcome(int job) => new(new JobId(job), JobStatus.Succeeded, default, null, 1);

    private void FinishBuilds()
    {
        foreach (var build in _builds.ToList())
            _state.ReceiveMessage(new PoolProtocol.PoolFinished(0), build);
        WriteAll();
    }

    private void WriteAll()
    {
        while (_writes.Count > 0)
            WriteNext();
    }

    /// <returns>The record.</returns>
    private PoolRecord WriteNext()
    {
        var write = _writes.Dequeue();
        object answer = write is JournalProtocol.DeleteJournal
            ? new JournalProtocol.JournalDeleted()
            : new JournalProtocol.RecordWritten();
        _state.ReceiveMessage(answer, _journal);
        return write is JournalProtocol.WriteRecord { Record: PoolRecord record } ? record : Nothing;
    }

    private static PoolRecord Nothing => new(0, null, [], [], [], [], [], false);

    private static Predicate<object> IsRestored(int job) =>
        message => message is BuildActor.RestoreJobs restore && restore.Jobs.Any(stored => stored.Job.Id.Value == job);
}
