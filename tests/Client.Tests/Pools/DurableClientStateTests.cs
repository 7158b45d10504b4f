using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

/// <summary>
/// The client's side of a durable pool that several programs share. The simulation has found the bugs that these tests repeat.
/// </summary>
public sealed class DurableClientStateTests
{
    private static readonly FunctionRef Function = new("F", new byte[] { 1 });

    private readonly ClientPoolState _state = new(
        new ClientPoolRules { Name = "pool", IsDurable = true, IsRemote = true, CanReopen = true });

    public DurableClientStateTests() => _state.OnOpened(new PoolProtocol.PoolOpened(PoolId.New(), default, IsClosed: false));

    /// <summary>The pool has ended the session, whose own jobs have ended. The job with the key belongs to another session.</summary>
    [Fact]
    public void Close_KeyOfAJobOfAnotherSession_WaitsForThatJob()
    {
        Submit(new JobPolicy(0, 3, Key: "x"));
        _state.Close(cancelPending: false);
        _state.OnKeyedAccepted(new PoolProtocol.KeyedJobsAccepted(
            1, [new PoolProtocol.ExistingJob(new JobId(1), new JobId(10_000_000_001), IsSame: true)]));

        _state.OnFinished(new PoolProtocol.PoolFinished(0, LastEnded: 0));

        Assert.False(_state.HasFinished);
        _state.OnJobsEnded(Ended(1, 10_000_000_001), []);
        Assert.True(_state.HasFinished);
    }

    [Fact]
    public void Close_AnswerAboutKeysIsLost_WaitsForIt()
    {
        Submit(new JobPolicy(0, 3, Key: "x"));
        _state.Close(cancelPending: false);

        _state.OnFinished(new PoolProtocol.PoolFinished(0, LastEnded: 0));

        Assert.False(_state.HasFinished);
        _state.OnKeyedAccepted(new PoolProtocol.KeyedJobsAccepted(1, []));
        Assert.True(_state.HasFinished);
    }

    /// <summary>
    /// The pool had accepted the job, whose outcome was forgotten meanwhile, and had ended the session. It still sends an outcome of the
    /// job.
    /// </summary>
    [Fact]
    public void Close_JobWasAcceptedBefore_WaitsForItsOutcome()
    {
        Submit(new JobPolicy(0, 3, Key: "x"));
        _state.Close(cancelPending: false);
        _state.OnFinished(new PoolProtocol.PoolFinished(0, LastEnded: 0));

        _state.OnKeyedAccepted(new PoolProtocol.KeyedJobsAccepted(
            1, [new PoolProtocol.ExistingJob(new JobId(1), new JobId(1), IsSame: true)]));

        Assert.False(_state.HasFinished);
        _state.OnJobsEnded(Ended(1, 1), []);
        Assert.True(_state.HasFinished);
    }

    /// <summary>The pool repeats its end with each answer to a comparison: comparing each time would never pause.</summary>
    [Fact]
    public void OnFinished_RepeatedWhileAJobOfAnotherSessionRuns_ComparesOnce()
    {
        _state.AttachJobs([new PendingCall<int>() { Id = new JobId(10_000_000_001) }]);
        _state.Close(cancelPending: false);
        _state.OnFinished(new PoolProtocol.PoolFinished(0, LastEnded: 0));
        Assert.Contains(TakeMessages(), message => message is PoolProtocol.ComparePool);

        _state.OnFinished(new PoolProtocol.PoolFinished(0, LastEnded: 0));

        Assert.DoesNotContain(TakeMessages(), message => message is PoolProtocol.ComparePool);
    }

    [Fact]
    public void AttachJobs_JobHasAHandle_AddsAnotherAndSendsNothing()
    {
        var first = new PendingCall<int>() { Id = new JobId(10_000_000_001) };
        var second = new PendingCall<int>() { Id = first.Id };
        first.MarkAccepted();
        _state.AttachJobs([first]);
        _ = TakeMessages();

        Assert.Empty(_state.AttachJobs([second]));

        Assert.Empty(TakeMessages());
        List<EndedJob> ended = [];
        _state.OnJobsEnded(Ended(1, first.Id.Value), ended);
        Assert.Same(first, Assert.Single(ended).Job);
        Assert.Same(second, first.Next);
    }

    [Fact]
    public void AttachJobs_SeveralJobs_AttachesInOneMessage()
    {
        _state.AttachJobs(
            [.. Enumerable.Range(1, 3).Select(job => new PendingCall<int>() { Id = new JobId(10_000_000_000 + job) })]);

        Assert.Equal(3, Assert.Single(TakeMessages().OfType<PoolProtocol.AttachToJobs>()).Jobs.Length);
    }

    [Fact]
    public void AttachJobs_OwnJobIsNotAccepted_ThrowsAndAddsNoHandle()
    {
        Submit(new JobPolicy(0, 3));
        var other = new PendingCall<int>() { Id = new JobId(10_000_000_001) };

        Assert.Throws<InvalidOperationException>(
            () => _state.AttachJobs([other, new PendingCall<int>() { Id = new JobId(1) }]));

        Assert.Null(_state.FindJob(other.Id));
    }

    /// <summary>The pool was deleted and created again meanwhile, and would run the job a second time.</summary>
    [Fact]
    public void OnOpened_AcceptanceOfAnEndedJobWasLost_DoesNotSubmitItAgain()
    {
        Submit(new JobPolicy(0, 3));
        _state.OnJobsEnded(Ended(1, 1), []);
        _state.OnLost(isCurrent: true, withCoordinator: true);
        _ = TakeMessages();

        _state.OnOpened(new PoolProtocol.PoolOpened(PoolId.New(), default, IsClosed: false));

        Assert.DoesNotContain(TakeMessages(), message => message is PoolProtocol.SubmitJobs);
    }

    [Fact]
    public void FinishSession_CodeHasNotReceivedTheOutcome_StaysConnectedAndAcknowledgesLater()
    {
        FinishWithUnreceivedJob();

        Assert.False(_state.HasEnded);
        Assert.Null(_state.OnCompareTick());
        Assert.Empty(TakeMessages());

        _state.MarkReceived(new JobId(1));
        _state.StartComparing();
        Assert.NotNull(_state.OnCompareTick());
        Assert.Null(_state.OnCompareTick());
        Assert.Equal([new JobId(1)], Assert.Single(TakeMessages().OfType<PoolProtocol.ForgetOutcomes>()).Jobs.ToArray());
    }

    /// <summary>After a reconnect one message can contain the outcomes of all jobs, and their code runs after it was handled.</summary>
    [Fact]
    public void OnJobsEnded_ManyOutcomesInOneMessage_AcknowledgesNoneBeforeTheirCodeCanRun()
    {
        const int Jobs = 20_000;
        for (var job = 0; job < Jobs; job++)
            _state.AddJob(new PendingCall<int>(), Function, default, new JobPolicy(0, 3));

        _state.OnJobsEnded(
            new([.. Enumerable.Range(1, Jobs).Select(job => new JobOutcome(new JobId(job), JobStatus.Succeeded, default, null, 1))], 1),
            []);

        Assert.DoesNotContain(TakeMessages(), static message => message is PoolProtocol.ForgetOutcomes);
        _state.OnCompareTick();
        _state.OnCompareTick();
        Assert.Equal(Jobs, TakeMessages().OfType<PoolProtocol.ForgetOutcomes>().Sum(message => message.Jobs.Length));
    }

    /// <summary>The outcome arrived just before the loss: its code may only be about to run.</summary>
    [Fact]
    public void OnOpened_ClosedPool_AcknowledgesRecentOutcomesLater()
    {
        SubmitTracked();
        _state.OnAccepted(1);
        _state.Close(cancelPending: false);
        _state.OnJobsEnded(Ended(1, 1), []);
        _state.MarkReceived(new JobId(1));
        _state.OnLost(isCurrent: true, withCoordinator: true);
        _ = TakeMessages();

        _state.OnOpened(new PoolProtocol.PoolOpened(PoolId.New(), new JobId(1), IsClosed: false));

        Assert.DoesNotContain(TakeMessages(), static message => message is PoolProtocol.ForgetOutcomes);
        _state.OnCompareTick();
        _state.OnCompareTick();
        Assert.Equal([new JobId(1)], Assert.Single(TakeMessages().OfType<PoolProtocol.ForgetOutcomes>()).Jobs.ToArray());
    }

    [Fact]
    public void Detach_FinishedSession_AcknowledgesReceivedOutcomesAndWaitsForTheConfirmation()
    {
        FinishWithUnreceivedJob();
        _state.MarkReceived(new JobId(1));

        _state.Detach();

        Assert.Collection(
            TakeMessages(),
            message => Assert.Equal([new JobId(1)], Assert.IsType<PoolProtocol.ForgetOutcomes>(message).Jobs.ToArray()),
            message => Assert.Equal(new PoolProtocol.DetachFromPool(Unload: false, 1, _state.Range), message));
        Assert.False(_state.HasFinished);
        _state.OnFinished(new PoolProtocol.PoolFinished(0));
        Assert.True(_state.HasFinished);
        _state.FinishSession();
        Assert.True(_state.HasEnded);
    }

    /// <summary>A pool that the client has left does not answer its comparisons.</summary>
    [Fact]
    public void Detach_ConfirmationIsLost_IsRequestedAgain()
    {
        _state.Detach();
        Assert.IsType<PoolProtocol.DetachFromPool>(TakeMessages()[^1]);

        for (var tick = 0; tick < 2; tick++)
            Assert.NotNull(_state.OnCompareTick());

        Assert.Contains(TakeMessages(), message => message is PoolProtocol.DetachFromPool);
        _state.OnFinished(new PoolProtocol.PoolFinished(0));
        Assert.True(_state.HasFinished);
    }

    /// <summary>Otherwise the job would be lost without an error.</summary>
    [Fact]
    public void OnLost_DetachingWithUnacceptedJob_ReopensAndSubmitsItAgain()
    {
        Submit(new JobPolicy(0, 3));
        _state.Detach();
        _ = TakeMessages();

        Assert.Equal(PoolLossResponse.Reopen, _state.OnLost(isCurrent: true, withCoordinator: true));

        _state.OnOpened(new PoolProtocol.PoolOpened(PoolId.New(), default, IsClosed: false));
        Assert.Collection(
            TakeMessages().Where(static message => message is PoolProtocol.SubmitJobs or PoolProtocol.DetachFromPool),
            message => Assert.Equal(new JobId(1), Assert.Single(Assert.IsType<PoolProtocol.SubmitJobs>(message).Jobs).Id),
            message => Assert.IsType<PoolProtocol.DetachFromPool>(message));
    }

    [Fact]
    public void OnLost_DetachingWithUnwrittenAcknowledgment_ReopensAndRepeatsIt()
    {
        FinishWithUnreceivedJob();
        _state.MarkReceived(new JobId(1));
        _state.Detach();
        _ = TakeMessages();

        Assert.Equal(PoolLossResponse.Reopen, _state.OnLost(isCurrent: true, withCoordinator: true));

        _state.OnOpened(new PoolProtocol.PoolOpened(PoolId.New(), new JobId(1), IsClosed: false));
        Assert.Equal([new JobId(1)], Assert.Single(TakeMessages().OfType<PoolProtocol.ForgetOutcomes>()).Jobs.ToArray());
    }

    /// <summary>A program must not wait for a coordinator to which it owes nothing.</summary>
    [Fact]
    public void OnLost_DetachingAndAllJobsAreAccepted_EndsTheSession()
    {
        Submit(new JobPolicy(0, 3));
        _state.OnAccepted(1);
        _state.Detach();

        Assert.Equal(PoolLossResponse.Fail, _state.OnLost(isCurrent: true, withCoordinator: true));
    }

    [Fact]
    public void Detach_FinishedSessionWithUnreceivedOutcome_AcknowledgesNothing()
    {
        FinishWithUnreceivedJob();

        _state.Detach();

        Assert.IsType<PoolProtocol.DetachFromPool>(Assert.Single(TakeMessages()));
    }

    /// <summary>The coordinator may lose an acknowledgment that it has not written.</summary>
    [Fact]
    public void OnOpened_FinishedSession_AcknowledgesAgain()
    {
        FinishWithUnreceivedJob();
        _state.MarkReceived(new JobId(1));
        _state.SendDueAcks();
        _state.SendDueAcks();
        Assert.Equal(PoolLossResponse.Reopen, _state.OnLost(isCurrent: true, withCoordinator: true));
        _ = TakeMessages();

        _state.OnOpened(new PoolProtocol.PoolOpened(PoolId.New(), new JobId(1), IsClosed: false));

        Assert.Equal([new JobId(1)], Assert.Single(TakeMessages().OfType<PoolProtocol.ForgetOutcomes>()).Jobs.ToArray());
        Assert.False(_state.HasEnded);
    }

    /// <summary>The pool was deleted, or has stopped while it still retains the outcome.</summary>
    [Fact]
    public void IsEndExpected_FinishedSession_DependsOnUnacknowledgedOutcomes()
    {
        FinishWithUnreceivedJob();

        Assert.False(_state.IsEndExpected);
        _state.MarkReceived(new JobId(1));
        _state.SendDueAcks();
        _state.SendDueAcks();
        Assert.True(_state.IsEndExpected);
    }

    /// <summary>The job has not ended: an acknowledgment would concern its later outcome.</summary>
    [Fact]
    public void OnJobsEnded_NoBuildCanRunTheJob_EndsTheHandleAndAcknowledgesNothing()
    {
        var job = new PendingCall<int>() { Id = new JobId(10_000_000_001) };
        _state.AttachJobs([job]);
        _ = TakeMessages();
        var failure = FailureConverter.ToFailure(new FunctionNotFoundException("No build has the name 'render'."));
        List<EndedJob> ended = [];

        _state.OnJobsEnded(new([new JobOutcome(job.Id, JobStatus.WithoutBuild, default, failure, 0)], 1), ended);

        var end = Assert.Single(ended);
        Assert.Same(job, end.Job);
        Assert.IsType<FunctionNotFoundException>(OutcomeExceptions.ToException(end.Outcome, new CallName(job.Id, null)));
        _state.SendDueAcks();
        _state.SendDueAcks();
        Assert.DoesNotContain(TakeMessages(), message => message is PoolProtocol.ForgetOutcomes);
    }

    /// <summary>The answers to two requests to attach contain the same outcome.</summary>
    [Fact]
    public void OnJobsEnded_RepeatedOutcomeOfAClosedPool_IsNotAcknowledged()
    {
        SubmitTracked();
        _state.OnAccepted(1);
        _state.Close(cancelPending: false);
        _state.OnJobsEnded(Ended(1, 1), []);

        _state.OnJobsEnded(Ended(2, 1), []);
        _state.SendDueAcks();
        _state.SendDueAcks();

        Assert.DoesNotContain(TakeMessages(), message => message is PoolProtocol.ForgetOutcomes);
    }

    [Fact]
    public void FinishSession_Terminated_AcknowledgesCanceledJobsAndDetaches()
    {
        SubmitTracked();
        SubmitTracked();
        _state.OnAccepted(1);
        _state.OnAccepted(2);
        _state.OnJobsEnded(Ended(1, 1), []);
        _state.BeginTermination();
        _state.RequestTermination();
        _state.OnJobsEnded(
            new([new JobOutcome(new JobId(2), JobStatus.Canceled, default, null, 1)], 2), []);
        _state.OnFinished(new PoolProtocol.PoolFinished(0, LastEnded: 2));
        _ = TakeMessages();

        _state.FinishSession();

        Assert.Collection(
            TakeMessages(),
            message => Assert.Equal([new JobId(2)], Assert.IsType<PoolProtocol.ForgetOutcomes>(message).Jobs.ToArray()),
            message => Assert.IsType<PoolProtocol.DetachFromPool>(message));
        _state.OnFinished(new PoolProtocol.PoolFinished(0));
        _state.FinishSession();
        Assert.True(_state.HasEnded);
    }

    /// <summary>Another program has closed the pool. A new pool of its name has the same ids.</summary>
    [Fact]
    public void FinishSession_JobsWereNotSent_AnotherPoolOfTheNameDoesNotRunThem()
    {
        Submit(new JobPolicy(0, 3));
        Submit(new JobPolicy(0, 3));
        _state.OnFinished(new PoolProtocol.PoolFinished(0));
        Assert.Equal(2, _state.FinishSession().Jobs.Count);
        Assert.Equal(PoolLossResponse.Reopen, _state.OnLost(isCurrent: true, withCoordinator: true));
        _ = TakeMessages();

        _state.OnOpened(new PoolProtocol.PoolOpened(PoolId.New(), default, IsClosed: false));

        Assert.DoesNotContain(TakeMessages(), static message => message is PoolProtocol.SubmitJobs);
    }

    private void FinishWithUnreceivedJob()
    {
        SubmitTracked();
        _state.OnAccepted(1);
        _state.OnJobsEnded(Ended(1, 1), []);
        _state.OnCompareTick();
        _state.Close(cancelPending: false);
        _state.OnFinished(new PoolProtocol.PoolFinished(0, LastEnded: 1));
        _state.FinishSession();
        _ = TakeMessages();
    }

    /// <summary>Submits a job whose outcome code receives later.</summary>
    private void SubmitTracked() => Submit(new JobPolicy(0, 3), isTracked: true);

    private void Submit(JobPolicy policy, bool isTracked = false) => _state.SendJob(_state.AddJob(
        new PendingCall<int>() { IsReceiptTracked = isTracked }, Function, default, policy));

    private static PoolProtocol.JobsEnded Ended(long number, long job) =>
        new([new JobOutcome(new JobId(job), JobStatus.Succeeded, default, null, 1)], number);

    private List<IWireMessage> TakeMessages()
    {
        var messages = new List<IWireMessage>();
        while (_state.TryTakeEffect(out var effect))
        {
            if (effect is ClientPoolEffect.SendMessage send)
                messages.Add(send.Message);
        }

        return messages;
    }
}
