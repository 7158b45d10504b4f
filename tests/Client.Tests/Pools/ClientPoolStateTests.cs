using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

/// <summary>
/// The decisions of the client's side of a pool. The simulation (<c>tests/Simulation.Tests</c>) runs the same class under random faults.
/// </summary>
public sealed class ClientPoolStateTests
{
    private static readonly FunctionRef Function = new("F", new byte[] { 1 });
    private static readonly JobPolicy AtMostOnce = new(0, 1);
    private static readonly JobPolicy Repeatable = new(0, 3);

    private readonly List<EndedJob> _ended = [];

    [Fact]
    public void SendJob_WhileMessageIsInTransit_JoinsTheNextMessage()
    {
        var state = Open(CreateState());
        Submit(state);
        Submit(state);
        Submit(state);
        Submit(state);

        Assert.Equal([[1], [2]], TakeSubmissions(state));
        state.OnAccepted(2);

        Assert.Equal([[3, 4]], TakeSubmissions(state));
    }

    [Fact]
    public void OnCompared_LostSubmission_SendsItAgain()
    {
        var state = Open(CreateState());
        Submit(state);
        _ = TakeMessages(state);

        Assert.NotNull(state.OnCompareTick());
        Assert.NotNull(state.OnCompareTick());
        Assert.Contains(TakeMessages(state), message => message is PoolProtocol.ComparePool);
        state.OnCompared(new PoolProtocol.ComparePoolReply(0, 0, PoolProtocol.PoolEnding.Open));

        Assert.Equal([[1]], TakeSubmissions(state));
    }

    [Fact]
    public void OnJobsEnded_MessagesOutOfOrder_EndsJobsInOrderAndOnce()
    {
        var state = Open(CreateState());
        Submit(state);
        Submit(state);
        var first = Ended(1, 1);

        state.OnJobsEnded(Ended(2, 2), _ended);
        Assert.Empty(_ended);
        state.OnJobsEnded(first, _ended);
        state.OnJobsEnded(first, _ended);

        Assert.Equal([1, 2], _ended.Select(ended => ended.Outcome.Id.Value));
        Assert.Equal(0, state.PendingJobs);
    }

    [Fact]
    public void OnOpened_AfterLoss_ResubmitsJobsExceptStartedAtMostOnceJobs()
    {
        var state = Open(CreateState());
        var lost = Submit(state, AtMostOnce);
        Submit(state);
        _ = TakeMessages(state);
        Assert.Equal(PoolLossResponse.Reopen, state.OnLost(isCurrent: true, withCoordinator: true));
        // Not sent, so it runs once.
        Submit(state, AtMostOnce);
        Assert.Empty(TakeMessages(state));

        Assert.Equal([lost], state.OnOpened(Opened()));
        Assert.Equal([[2, 3]], TakeSubmissions(state));
    }

    [Fact]
    public void Close_DuringUpload_ClosesAfterTheUploadedJob()
    {
        var state = Open(CreateState());
        var large = SubmitLarge(state);
        state.Close(cancelPending: false);
        Assert.Empty(TakeMessages(state));

        Assert.True(state.OnUploaded(large with { Arguments = default, Stored = new StoredPayload(PayloadId.New(), 1, default) }));

        Assert.Collection(
            TakeMessages(state),
            message => Assert.IsType<PoolProtocol.SubmitJobs>(message),
            message => Assert.Equal(new PoolProtocol.ClosePool(1), message));
    }

    /// <summary>A later job is sent before the arguments are uploaded.</summary>
    [Fact]
    public void RequestAcceptance_DuringUpload_WaitsForTheUploadedJob()
    {
        var state = Open(CreateState());
        var large = SubmitLarge(state);
        var job = state.FindJob(large.Id)!;
        var isAccepted = job.IsAcceptanceKnown;
        Submit(state);

        state.RequestAcceptance(job);
        state.OnAccepted(1);
        Assert.Equal((false, false), (isAccepted, job.IsAcceptanceKnown));
        state.OnUploaded(large with { Arguments = default, Stored = new StoredPayload(PayloadId.New(), 1, default) });

        Assert.True(TakeMessages(state).OfType<PoolProtocol.SubmitJobs>().Last().WantsReply);
        state.OnAccepted(2);
        Assert.True(job.IsAcceptanceKnown);
    }

    [Fact]
    public void OnUploaded_CanceledJob_IsRefused()
    {
        var state = Open(CreateState());
        var large = SubmitLarge(state);
        state.CancelJob(state.FindJob(large.Id)!);

        Assert.False(state.OnUploaded(large));
        Assert.Empty(TakeMessages(state));
    }

    [Fact]
    public void OnOpened_TerminatedMeanwhile_TerminatesTheOpenedPool()
    {
        var state = Open(CreateState());
        state.OnLost(isCurrent: true, withCoordinator: true);
        state.BeginTermination();
        state.RequestTermination();
        Assert.True(state.EndsWithoutPool);
        state.EndSession();

        state.OnOpened(Opened());

        Assert.IsType<PoolProtocol.TerminatePool>(Assert.Single(TakeMessages(state)));
        Assert.True(state.HasEnded);
    }

    [Fact]
    public void OnOpened_TerminatedBefore_TerminatesThePool()
    {
        var state = CreateState();
        state.BeginTermination();
        state.RequestTermination();

        state.OnOpened(Opened());

        Assert.IsType<PoolProtocol.TerminatePool>(Assert.Single(TakeMessages(state)));
        Assert.True(state.IsComparing);
    }

    [Fact]
    public void OnSubmitDiscarded_TooLargeMessage_EndsItsJobsAndKeepsItsNumber()
    {
        var state = Open(CreateState());
        Submit(state);
        var submit = Assert.IsType<PoolProtocol.SubmitJobs>(TakeMessages(state)[0]);

        state.OnSubmitDiscarded(submit, "too large");

        Assert.True(state.TryTakeEffect(out var effect));
        var outcome = Assert.Single(Assert.IsType<ClientPoolEffect.EndJobs>(effect).Outcomes);
        Assert.Equal((1, JobStatus.Refused), (outcome.Id.Value, outcome.Status));
        var empty = Assert.IsType<PoolProtocol.SubmitJobs>(Assert.Single(TakeMessages(state)));
        Assert.Equal((1, true), (empty.Number, empty.Jobs.IsEmpty));
    }

    [Fact]
    public void OnLost_PoolEndsAloneFourTimes_Fails()
    {
        var state = Open(CreateState());
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(PoolLossResponse.Reopen, state.OnLost(isCurrent: true, withCoordinator: false));
            Open(state);
        }

        Assert.Equal(PoolLossResponse.Fail, state.OnLost(isCurrent: true, withCoordinator: false));
    }

    [Fact]
    public void OnOpened_JobsSubmittedBefore_SendsThemOnce()
    {
        var state = CreateState();
        Submit(state);
        Submit(state);
        Assert.Empty(TakeMessages(state));

        Open(state);
        Submit(state);

        Assert.Equal([[1, 2]], TakeSubmissions(state));
        state.OnAccepted(1);
        Assert.Equal([[3]], TakeSubmissions(state));
    }

    [Fact]
    public void RequestAcceptance_JobThatIsNotSent_IsAnsweredByTheNextMessage()
    {
        var state = CreateState();
        var job = Submit(state);
        state.RequestAcceptance(job);

        Open(state);

        Assert.True(Assert.IsType<PoolProtocol.SubmitJobs>(Assert.Single(TakeMessages(state))).WantsReply);
        state.OnAccepted(1);
        Assert.True(job.IsAccepted);
    }

    [Fact]
    public void OnLost_EarlierConnection_IsIgnored() =>
        Assert.Equal(PoolLossResponse.Ignore, Open(CreateState()).OnLost(isCurrent: false, withCoordinator: true));

    private static ClientPoolState CreateState() =>
        new(new ClientPoolRules { Name = "pool", IsDurable = false, IsRemote = true, CanReopen = true });

    private static ClientPoolState Open(ClientPoolState state)
    {
        state.OnOpened(Opened());
        return state;
    }

    private static PoolProtocol.PoolOpened Opened() => new(PoolId.New(), default, IsClosed: false);

    private static PendingCall<int> Submit(ClientPoolState state, JobPolicy? policy = null)
    {
        var job = new PendingCall<int>();
        state.SendJob(state.AddJob(job, Function, default, policy ?? Repeatable));
        return job;
    }

    private static JobSpec SubmitLarge(ClientPoolState state)
    {
        var job = new PendingCall<int>();
        var spec = state.AddJob(job, Function, new byte[WireLimits.LargestInMessage + 1], Repeatable);
        state.SendJob(spec);
        return spec;
    }

    private static PoolProtocol.JobsEnded Ended(long number, long job) =>
        new([new JobOutcome(new JobId(job), JobStatus.Succeeded, default, null, 1)], number);

    private static ImmutableArray<IWireMessage> TakeMessages(ClientPoolState state)
    {
        var messages = ImmutableArray.CreateBuilder<IWireMessage>();
        while (state.TryTakeEffect(out var effect))
        {
            if (effect is ClientPoolEffect.SendMessage send)
                messages.Add(send.Message);
        }

        return messages.DrainToImmutable();
    }

    private static IEnumerable<IEnumerable<long>> TakeSubmissions(ClientPoolState state) =>
        TakeMessages(state).OfType<PoolProtocol.SubmitJobs>().Select(submit => submit.Jobs.Select(job => job.Id.Value));
}
