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
        _state.AttachJobs([new PendingCall<int>(_ => 0, null) { Id = new JobId(10_000_000_001) }]);
        _state.Close(cancelPending: false);
        _state.OnFinished(new PoolProtocol.PoolFinished(0, LastEnded: 0));
        Assert.Contains(TakeMessages(), message => message is PoolProtocol.ComparePool);

        _state.OnFinished(new PoolProtocol.PoolFinished(0, LastEnded: 0));

        Assert.DoesNotContain(TakeMessages(), message => message is PoolProtocol.ComparePool);
    }

    [Fact]
    public void AttachJobs_JobHasAHandle_AddsAnotherAndSendsNothing()
    {
        var first = new PendingCall<int>(_ => 0, null) { Id = new JobId(10_000_000_001) };
        var second = new PendingCall<int>(_ => 0, null) { Id = first.Id };
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
            [.. Enumerable.Range(1, 3).Select(job => new PendingCall<int>(_ => 0, null) { Id = new JobId(10_000_000_000 + job) })]);

        Assert.Equal(3, Assert.Single(TakeMessages().OfType<PoolProtocol.AttachToJobs>()).Jobs.Length);
    }

    [Fact]
    public void AttachJobs_OwnJobIsNotAccepted_ThrowsAndAddsNoHandle()
    {
        Submit(new JobPolicy(0, 3));
        var other = new PendingCall<int>(_ => 0, null) { Id = new JobId(10_000_000_001) };

        Assert.Throws<InvalidOperationException>(
            () => _state.AttachJobs([other, new PendingCall<int>(_ => 0, null) { Id = new JobId(1) }]));

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
    public void EndSession_FinishedPool_DetachesAfterTheLastAcknowledgments()
    {
        Submit(new JobPolicy(0, 3));
        _state.OnAccepted(1);
        _state.OnJobsEnded(Ended(1, 1), []);
        _state.Close(cancelPending: false);
        _state.OnFinished(new PoolProtocol.PoolFinished(0, LastEnded: 1));
        _ = TakeMessages();

        _state.EndSession();

        Assert.Collection(
            TakeMessages(),
            message => Assert.IsType<PoolProtocol.ForgetOutcomes>(message),
            message => Assert.Equal(new PoolProtocol.DetachFromPool(Unload: false, 1), message));
    }

    private void Submit(JobPolicy policy) =>
        _state.SendJob(_state.AddJob(new PendingCall<int>(_ => 0, null), Function, default, policy));

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
