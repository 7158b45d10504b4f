using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

public sealed class AttemptHistoryTests
{
    private static readonly NodeId Node = NodeId.New();

    private readonly PoolState _state = new(new PoolSpec(1, BundleId.ThisProcess, null, default, 0, 0, 0, 0));

    [Fact]
    public void Job_LosesAllAttempts_ListsEach()
    {
        _state.SubmitJobs([new JobSpec(new JobId(1), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, 3))], TimeSpan.Zero);
        Lose(11, new ExecutorExit(ExecutorExitReason.Crashed, -9, ""));
        Lose(12, new ExecutorExit(ExecutorExitReason.Crashed, 5, ""));
        LoseNode(13);

        var outcome = _state.TakeEffects().OfType<PoolEffect.SendOutcomes>().SelectMany(end => end.Outcomes).Single();

        Assert.Equal((JobStatus.WorkerLost, 3), (outcome.Status, outcome.Attempts));
        Assert.Equal(
            [
                new AttemptLoss("alpha", 11, -9, "was ended by signal 9"),
                new AttemptLoss("alpha", 12, 5, "ended by itself with exit code 5"),
                new AttemptLoss("alpha", 13, null, "was lost with its worker node"),
            ],
            AttemptHistory.ReadAttempts(outcome.Failure).ToArray());
    }

    [Fact]
    public void SendJobs_JobAfterALoss_HasTheNumberOfTheAttempt()
    {
        var policy = new JobPolicy(0, 3, Origin: new JobOrigin(Guid.NewGuid(), 1));
        _state.SubmitJobs([new JobSpec(new JobId(1), new FunctionRef("f", new byte[] { 1 }), default, policy)], TimeSpan.Zero);
        Lose(11, new ExecutorExit(ExecutorExitReason.Crashed, -9, ""));
        Start(12);

        var sent = _state.TakeEffects().OfType<PoolEffect.SendJobs>().Select(effect => effect.Jobs.Single().Policy.Origin!).ToList();

        Assert.Equal([1, 2], sent.Select(origin => origin.Attempt));
        Assert.Equal([policy.Origin, policy.Origin], sent.Select(origin => origin with { Attempt = 1, Losses = default }));
        Assert.Equal([new AttemptLoss("alpha", 11, -9, "was ended by signal 9")], sent[1].Losses.ToArray());
    }

    [Fact]
    public void Of_WithoutAttemptsOrWithOtherData_IsEmptyOrTheText()
    {
        Assert.Empty(AttemptHistory.ReadAttempts(null));
        Assert.Empty(AttemptHistory.ReadAttempts(FailureInfo.FromMessage("t", "m")));
        var odd = FailureInfo.FromMessage("t", "m") with { Data = [KeyValuePair.Create("Actors.Attempt.1", "odd")] };
        Assert.Equal("odd", Assert.Single(AttemptHistory.ReadAttempts(odd)).Reason);
    }

    private void Lose(int processId, ExecutorExit exit) =>
        _state.ExecutorExited(Start(processId), exit, new JobId(1), default, null, TimeSpan.Zero);

    private void LoseNode(int processId)
    {
        Start(processId);
        _state.NodeLost(Node, TimeSpan.Zero);
    }

    private ExecutorId Start(int processId)
    {
        var executor = ExecutorId.New();
        _state.ExecutorReady(executor, Node, TimeSpan.Zero, "alpha", processId);
        return executor;
    }
}
