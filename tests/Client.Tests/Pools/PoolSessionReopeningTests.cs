using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Messages.Values;
using Actors.Pools;
using Actors.Runtime;
using Actors.Testing;
using Akka.TestKit;

namespace Actors.Client.Tests.Pools;

/// <summary>
/// A pool, mostly one that is not durable, when its coordinator is lost and there is another: both are played by the test.
/// </summary>
public sealed class PoolSessionReopeningTests : PatientTestKit
{
    private readonly TaskCompletionSource<IClientRuntime> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TestProbe _first;
    private readonly TestProbe _second;

    public PoolSessionReopeningTests()
    {
        (_first, _second) = (CreateTestProbe(), CreateTestProbe());
        // How often a session compares depends on how long the test takes.
        foreach (var pool in new[] { _first, _second })
        {
            pool.AnswerSearches();
            pool.IgnoreMessages(
                message => message is PoolProtocol.ComparePool or PoolProtocol.AcknowledgeJobsEnded or PoolProtocol.FindPool);
        }
    }

    [Fact]
    public async Task OnLost_JobsPending_ResubmitsInOrder()
    {
        var (session, before) = await OpenAsync();
        var jobs = Submit(session, 3);
        Assert.Equal([1, 2, 3], Taken(_first, 3));

        await LoseTheFirstAsync();
        var after = OpenAtTheSecond();

        Assert.NotEqual(before.Pool, after.Pool);
        Assert.Equal([1, 2, 3], Taken(_second, 3));
        End(_second, 2, 1, 3);
        Assert.Equal<int[]>([10, 20, 30], await Task.WhenAll(jobs.Select(job => job.Task)));
    }

    [Fact]
    public async Task IsReconnecting_UntilTheNextCoordinatorOpensThePool_IsTrue()
    {
        var (session, _) = await OpenAsync();
        Assert.False(session.IsReconnecting);

        await LoseTheFirstAsync();
        Assert.True(session.IsReconnecting);

        OpenAtTheSecond();
        Submit(session, 1);
        Taken(_second, 1);
        Assert.False(session.IsReconnecting);
    }

    [Fact]
    public async Task OnLost_SomeJobsEnded_ResubmitsOthers()
    {
        var (session, _) = await OpenAsync();
        var jobs = Submit(session, 3);
        Taken(_first, 3);
        End(_first, 2);
        await jobs[1].Task;

        await LoseTheFirstAsync();
        OpenAtTheSecond();

        Assert.Equal([1, 3], Taken(_second, 2));
    }

    [Fact]
    public async Task OnLost_AtMostOnceJobSent_EndsJob()
    {
        var (session, _) = await OpenAsync();
        var once = Submit(session, 1, maxAttempts: 1)[0];
        var other = Submit(session, 1)[0];
        Taken(_first, 2);

        await LoseTheFirstAsync();
        OpenAtTheSecond();

        Assert.Equal([other.Id], Taken(_second, 1));
        var lost = await Assert.ThrowsAsync<CoordinatorLostException>(() => once.Task);
        Assert.Contains("at-most-once", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_Canceled_StopsSessionActor()
    {
        using var giveUp = new CancellationTokenSource();
        var opening = OpenSessionAsync(cancellationToken: giveUp.Token);
        _first.ExpectMsg<PoolProtocol.OpenPool>();
        var session = Watch(_first.LastSender);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        ExpectTerminated(session);
    }

    [Fact]
    public async Task OnLost_PoolEndsRepeatedly_EndsSession()
    {
        _next.SetResult(new FakeRuntime(Sys, _first));
        var opening = OpenSessionAsync();
        TestProbe? pool = null;
        for (var i = 0; i < 4; i++)
        {
            if (pool is not null)
                Sys.Stop(pool);
            pool = CreateTestProbe();
            OpenAtTheFirst(pool);
        }

        var session = await opening;
        var job = Submit(session, 1)[0];
        Taken(pool!, 1);
        Sys.Stop(pool);

        await Assert.ThrowsAsync<CoordinatorLostException>(() => job.Task);
        await Assert.ThrowsAsync<CoordinatorLostException>(() => session.Finished);
    }

    [Fact]
    public async Task OnLost_DuringDownloads_FreesSlotsForNextPool()
    {
        var (session, _) = await OpenAsync();
        Submit(session, 2);
        Taken(_first, 2);
        EndStored(_first, 1, 2);
        _first.FishForMessage(message => message is PayloadProtocol.FetchPayload);
        _first.FishForMessage(message => message is PayloadProtocol.FetchPayload);

        await LoseTheFirstAsync();
        OpenAtTheSecond();
        Taken(_second, 2);
        EndStored(_second, 1);

        // The places are free long before the questions to the first would be given up, which takes 60 s.
        _second.ExpectMsg<PayloadProtocol.FetchPayload>(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Submit_WhileDisconnected_IsSentToNextCoordinator()
    {
        var (session, _) = await OpenAsync();
        await LoseTheFirstAsync();

        var once = Submit(session, 1, maxAttempts: 1)[0];
        OpenAtTheSecond();

        Assert.Equal([1], Taken(_second, 1));
        End(_second, 1);
        Assert.Equal(10, await once.Task);
    }

    [Fact]
    public async Task Close_WhileDisconnected_IsSentAfterSubmittedJobs()
    {
        var (session, _) = await OpenAsync();
        await LoseTheFirstAsync();
        var once = Submit(session, 1, maxAttempts: 1)[0];

        session.Close();
        OpenAtTheSecond();

        Assert.Equal([1], Taken(_second, 1));
        End(_second, 1);
        Assert.Equal(10, await once.Task);
        _second.ExpectMsg<PoolProtocol.ClosePool>();
    }

    [Fact]
    public async Task OnLost_UploadsRunning_UploadsToNext()
    {
        _next.SetResult(new FakeRuntime(Sys, _second, isFar: true));
        var (session, _) = await OpenAsync(isFar: true);
        var large = new JobHandle<int>(new JobControl(session, null));
        session.SubmitJob(large.Pending, CallEncoder.PrepareCall(Length, new byte[2 << 20]), JobPolicy.Once, CancellationToken.None);
        _first.ExpectMsg<PayloadProtocol.OfferPayload>();
        Submit(session, 1);
        Taken(_first, 1);

        await LoseTheFirstAsync();
        OpenAtTheSecond();

        _second.FishForMessage(message => message is PayloadProtocol.OfferPayload);
        Assert.False(large.IsCompleted);
    }

    [Fact]
    public async Task Cancel_WhileDisconnected_EndsJobWithoutSubmitting()
    {
        var (session, _) = await OpenAsync();
        var jobs = Submit(session, 2);
        Taken(_first, 2);
        await LoseTheFirstAsync();

        jobs[0].Cancel();
        OpenAtTheSecond();

        Assert.Equal([2], Taken(_second, 1));
        await Assert.ThrowsAsync<JobCanceledException>(() => jobs[0].Task);
    }

    [Fact]
    public async Task Cancel_JobEnded_IsForgotten()
    {
        var (session, _) = await OpenAsync();
        var ended = Submit(session, 1)[0];
        Taken(_first, 1);
        End(_first, 1);
        await ended.Task;

        ended.Cancel();
        Submit(session, 1);

        Assert.Equal([2], Taken(_first, 1));
    }

    [Fact]
    public async Task OnLost_PoolClosed_ClosesNextPoolAfterJobs()
    {
        var (session, _) = await OpenAsync();
        var job = Submit(session, 1)[0];
        Taken(_first, 1);
        session.Close();
        _first.FishForMessage(message => message is PoolProtocol.ClosePool);

        await LoseTheFirstAsync();
        OpenAtTheSecond();

        Assert.Equal([1], Taken(_second, 1));
        _second.ExpectMsg<PoolProtocol.ClosePool>();
        End(_second, 1);
        _second.Reply(new PoolProtocol.PoolFinished(0));
        Assert.Equal(10, await job.Task);
        Assert.Equal(1, (await session.Finished).Succeeded);
    }

    [Fact]
    public async Task OnLost_PoolFailed_ContinuesAtNextCoordinator()
    {
        var (session, _) = await OpenAsync();
        var jobs = Submit(session, 2);
        Taken(_first, 2);
        _first.Reply(new PoolProtocol.PoolFailed(FailureInfo.FromMessage("T", "no code")));
        End(_first, 1);
        await jobs[0].Task;
        Assert.Throws<PoolFailedException>(() => Submit(session, 1));

        await LoseTheFirstAsync();
        OpenAtTheSecond();

        Assert.Equal([2], Taken(_second, 1));
        session.Close();
        _second.ExpectMsg<PoolProtocol.ClosePool>();
    }

    /// <summary>Otherwise the second coordinator would keep for a day the results that the first has not written off.</summary>
    [Fact]
    public async Task OnLost_DurableResultsReceived_AcknowledgesAgain()
    {
        var session = await OpenDurableAsync();
        var jobs = Submit(session, 1);
        Taken(_first, 1);
        var awaited = jobs[0].Task;
        End(_first, 1);
        await awaited;
        Assert.Equal([1], TakenResults(_first));
        // When this is accepted, that is written.
        jobs.AddRange(Submit(session, 2));
        Taken(_first, 2);
        End(_first, 2, 3);
        await Task.WhenAll(jobs.Select(job => job.Task));
        Assert.Equal([2, 3], TakenResults(_first, 2));

        await LoseTheFirstAsync();
        _next.SetResult(new FakeRuntime(Sys, _second));
        OpenAtTheSecond(lastJob: 3);

        Assert.Equal([2, 3], TakenResults(_second, 2));
    }

    /// <summary>The coordinator is lost before the acknowledgment was due.</summary>
    [Fact]
    public async Task OnLost_DurableResultsNotAcknowledged_AcknowledgesAtTheNext()
    {
        var session = await OpenDurableAsync();
        var jobs = Submit(session, 1);
        Taken(_first, 1);
        End(_first, 1);
        await jobs[0].Task;

        await LoseTheFirstAsync();
        _next.SetResult(new FakeRuntime(Sys, _second));
        OpenAtTheSecond(lastJob: 1);

        Assert.Equal([1], TakenResults(_second));
    }

    /// <summary>Somebody else may have ended it and begun another of its name.</summary>
    [Fact]
    public async Task OnLost_JobsUnknownToNext_AttachesToThem()
    {
        var session = await OpenDurableAsync();
        Submit(session, 2);
        Taken(_first, 2);

        await LoseTheFirstAsync();
        _next.SetResult(new FakeRuntime(Sys, _second));
        OpenAtTheSecond(lastJob: 0);

        Assert.Equal(
            [1, 2], ((PoolProtocol.AttachToJobs)_second.FishForMessage(message => message is PoolProtocol.AttachToJobs))
                .Jobs.Select(job => job.Value));
    }

    /// <summary>The request or its answer was lost, and the pool is closed before client and pool compare.</summary>
    [Fact]
    public async Task PoolFinished_AttachedJobHasNoOutcome_AttachesAgain()
    {
        var opening = OpenSessionAsync(durableName: "pool");
        OpenAtTheFirst(_first, lastJob: 1);
        var session = await opening;
        var job = new JobHandle<int>(new JobControl(session, null));
        job.Pending.Id = new JobId(1);
        session.AttachJobs([job.Pending]);
        _first.ExpectMsg<PoolProtocol.AttachToJobs>();

        session.Close(cancelPending: false);
        _first.ExpectMsg<PoolProtocol.ClosePool>();
        _first.Reply(new PoolProtocol.PoolFinished(0));

        Assert.Equal(new JobId(1), Assert.Single(_first.ExpectMsg<PoolProtocol.AttachToJobs>().Jobs));
        End(_first, 1);
        _first.Reply(new PoolProtocol.PoolFinished(0));
        Assert.Equal(10, await job.Task);
    }

    /// <summary>Another coordinator takes the pool over, or the store is busy.</summary>
    [Fact]
    public async Task Open_StoreFailsOnce_IsRepeated()
    {
        _next.SetResult(new FakeRuntime(Sys, _first));
        var opening = PoolSession.OpenAsync(
            new CoordinatorConnection(Next), "127.0.0.1:4051", 1, new PoolOptions { DurableName = "pool" }, CancellationToken.None);
        _first.FishForMessage(static message => message is PoolProtocol.OpenPool);
        _first.Reply(new PoolProtocol.PoolInterrupted("another has the journal"));

        OpenAtTheFirst(_first);

        Assert.Equal(0, (await opening).PendingJobs);
    }

    [Fact]
    public async Task Detach_DurablePoolClosedWhileDisconnected_SendsBothAfterJobs()
    {
        var session = await OpenDurableAsync();
        await LoseTheFirstAsync();
        Submit(session, 2);

        session.Close();
        _ = session.DetachClientAsync();
        _next.SetResult(new FakeRuntime(Sys, _second));
        OpenAtTheSecond(lastJob: 0);

        Assert.Equal(
            [1, 2], (
                (PoolProtocol.SubmitJobs)_second.FishForMessage(message => message is PoolProtocol.SubmitJobs))
                    .Jobs.Select(job => job.Id.Value));
        _second.ExpectMsg<PoolProtocol.ClosePool>();
        Assert.Equal(1, _second.ExpectMsg<PoolProtocol.DetachFromPool>().Submitted);
    }

    [Fact]
    public async Task Detach_WhileDisconnectedAndStoreUnavailable_Retries()
    {
        var session = await OpenDurableAsync();
        await LoseTheFirstAsync();
        Submit(session, 1);

        _ = session.DetachClientAsync();
        _next.SetResult(new FakeRuntime(Sys, _second));
        _second.FishForMessage(message => message is PoolProtocol.OpenPool);
        _second.Reply(new PoolProtocol.PoolInterrupted("another has the journal"));
        var open = (PoolProtocol.OpenPool)_second.FishForMessage(message => message is PoolProtocol.OpenPool);
        _second.Reply(new PoolProtocol.PoolOpened(open.Pool, default, IsClosed: false));

        _second.FishForMessage(message => message is PoolProtocol.SubmitJobs);
        _second.ExpectMsg<PoolProtocol.DetachFromPool>();
    }

    /// <summary>More than fits into a message, and one more that came while the first of these was on its way.</summary>
    [Fact]
    public async Task Detach_ManyQueuedJobs_SendsAllFirst()
    {
        var session = await OpenDurableAsync(isFar: true);
        Submit(session, 1);
        for (var i = 0; i < 12; i++)
        {
            session.SubmitJob(
                new JobHandle<int>(new JobControl(session, null)).Pending, CallEncoder.PrepareCall(Length, new byte[900 << 10]),
                JobPolicy.Once, CancellationToken.None);
        }

        // Then the first part of the split jobs is sent, and the rest is queued before later jobs.
        var before = Taken(_first, 1);
        before.AddRange(_first.ExpectMsg<PoolProtocol.SubmitJobs>().Jobs.Select(job => job.Id.Value));
        Submit(session, 1);

        _ = session.DetachClientAsync();

        var behind = new List<long>();
        while (_first.ExpectMsg<object>() is PoolProtocol.SubmitJobs submit)
            behind.AddRange(submit.Jobs.Select(job => job.Id.Value));
        Assert.InRange(behind.Count, 2, 12);
        Assert.Equal(Enumerable.Range(1, 14).Select(job => (long)job), before.Concat(behind));
        Assert.IsType<PoolProtocol.DetachFromPool>(_first.LastMessage);
    }

    [Fact]
    public async Task Terminate_DurablePool_SendsNoJobsAfterwards()
    {
        var session = await OpenDurableAsync();
        var jobs = Submit(session, 3);
        Assert.Equal(1, Assert.Single(_first.ExpectMsg<PoolProtocol.SubmitJobs>().Jobs).Id.Value);

        session.Terminate();
        _first.Reply(new PoolProtocol.JobsAccepted());

        _first.ExpectMsg<PoolProtocol.TerminatePool>();
        _first.Reply(new PoolProtocol.PoolFinished(0));
        await session.Finished;
        _first.ExpectMsg<PoolProtocol.DetachFromPool>();
        _first.ExpectNoMsg(TimeSpan.Zero);
        await Assert.ThrowsAsync<PoolTerminatedException>(() => jobs[2].Task);
    }

    [Fact]
    public async Task Terminate_WhileDisconnected_EndsAtOnce()
    {
        var (session, _) = await OpenAsync();
        var job = Submit(session, 1)[0];
        Taken(_first, 1);
        await LoseTheFirstAsync();

        session.Terminate();

        Assert.Equal(1, (await session.Finished).Dropped);
        await Assert.ThrowsAsync<PoolTerminatedException>(() => job.Task);
        var unwanted = new FakeRuntime(Sys, _second);
        _next.SetResult(unwanted);
        var open = _second.ExpectMsg<PoolProtocol.OpenPool>();
        Watch(_second.LastSender);
        _second.Reply(new PoolProtocol.PoolOpened(open.Pool, default, IsClosed: false));
        _second.ExpectMsg<PoolProtocol.TerminatePool>();
        // If the request is lost, the pool ends with the client that it watches.
        ExpectTerminated(_second.LastSender);
        await AwaitConditionAsync(() => Task.FromResult(unwanted.IsDisposed));
    }

    [Fact]
    public async Task Terminate_QueuedJobs_EndsAllAndSendsNoMore()
    {
        var (session, _) = await OpenAsync();
        var jobs = Submit(session, 3);

        session.Terminate();

        Assert.All(jobs, job => Assert.IsType<PoolTerminatedException>(job.Task.Exception?.InnerException));
        Assert.Equal([1, 2], Taken(_first, 2));
        _first.ExpectMsg<PoolProtocol.TerminatePool>();
        _first.Reply(new PoolProtocol.PoolFinished(2));
        Assert.Equal(3, (await session.Finished).Dropped);
        _first.ExpectNoMsg(TimeSpan.Zero);
    }

    private async Task<(PoolSession Session, PoolProtocol.OpenPool Open)> OpenAsync(bool isFar = false)
    {
        var opening = OpenSessionAsync(isFar);
        var open = OpenAtTheFirst(_first);
        return (await opening, open);
    }

    private async Task<PoolSession> OpenDurableAsync(bool isFar = false)
    {
        var opening = OpenSessionAsync(isFar, "pool");
        OpenAtTheFirst(_first);
        return await opening;
    }

    private Task<PoolSession> OpenSessionAsync(
        bool isFar = false, string? durableName = null, CancellationToken cancellationToken = default)
    {
        var options = new PoolOptions { DurableName = durableName };
        return PoolSession.OpenAsync(
            new FakeRuntime(Sys, _first, isFar), ProcessPool.CreateSpec(1, BundleId.ThisProcess, options), options,
            new CoordinatorConnection(Next), cancellationToken);
    }

    private PoolProtocol.OpenPool OpenAtTheFirst(TestProbe pool, int lastJob = 0)
    {
        var open = (PoolProtocol.OpenPool)_first.FishForMessage(message => message is PoolProtocol.OpenPool);
        _first.LastSender.Tell(new PoolProtocol.PoolOpened(open.Pool, new JobId(lastJob), IsClosed: false), pool);
        return open;
    }

    private static List<long> TakenResults(TestProbe pool, int count = 1)
    {
        var jobs = new List<long>();
        while (jobs.Count < count)
        {
            jobs.AddRange(((PoolProtocol.ForgetOutcomes)pool.FishForMessage(message => message is PoolProtocol.ForgetOutcomes))
                .Jobs.Select(job => job.Value));
        }

        jobs.Sort();
        return jobs;
    }

    private Task<IClientRuntime> Next(PoolSpec? pool, TimeSpan limit, CancellationToken cancellationToken)
    {
        _looked.TrySetResult();
        return _next.Task;
    }

    /// <summary>Ends when the session looks for another.</summary>
    private Task LoseTheFirstAsync()
    {
        Sys.Stop(_first);
        return _looked.Task;
    }

    private PoolProtocol.OpenPool OpenAtTheSecond(int lastJob = 0)
    {
        _next.TrySetResult(new FakeRuntime(Sys, _second));
        var open = (PoolProtocol.OpenPool)_second.FishForMessage(message => message is PoolProtocol.OpenPool);
        _second.Reply(new PoolProtocol.PoolOpened(open.Pool, new JobId(lastJob), IsClosed: false));
        return open;
    }

    private static List<JobHandle<int>> Submit(PoolSession session, int count, int maxAttempts = 3)
    {
        var jobs = new List<JobHandle<int>>();
        for (var i = 0; i < count; i++)
        {
            var job = new JobHandle<int>(new JobControl(session, null));
            session.SubmitJob(job.Pending, CallEncoder.PrepareCall(TenTimes, 1), new JobPolicy(0, maxAttempts), CancellationToken.None);
            jobs.Add(job);
        }

        return jobs;
    }

    private static int TenTimes(int x) => 10 * x;

    private static int Length(byte[] bytes) => bytes.Length;

    /// <summary>The jobs that the pool is given, until there are so many.</summary>
    private static List<long> Taken(TestProbe pool, int count)
    {
        var jobs = new List<long>();
        while (jobs.Count < count)
        {
            var submit = pool.ExpectMsg<PoolProtocol.SubmitJobs>();
            jobs.AddRange(submit.Jobs.Select(job => job.Id.Value));
            if (submit.WantsReply)
                pool.Reply(new PoolProtocol.JobsAccepted());
        }

        return jobs;
    }

    private static void EndStored(TestProbe pool, params long[] jobs)
    {
        foreach (var job in jobs)
        {
            var stored = new StoredPayload(PayloadId.New(), 1, default);
            pool.Reply(new PoolProtocol.JobsEnded([new JobOutcome(new JobId(job), JobStatus.Succeeded, default, null, 1, stored)]));
        }
    }

    private static void End(TestProbe pool, params long[] jobs)
    {
        foreach (var job in jobs)
        {
            pool.Reply(
                new PoolProtocol.JobsEnded(
                    [new JobOutcome(new JobId(job), JobStatus.Succeeded, ValueSerializer.ToBytes((int)job * 10, out _), null, 1)]));
        }
    }
}
