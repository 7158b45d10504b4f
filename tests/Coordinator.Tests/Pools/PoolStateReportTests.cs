using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>Reports of nodes are checked: a job ends once, with a valid outcome.</summary>
public class PoolStateReportTests
{
    private readonly PoolState _state = new(new PoolSpec(1, BundleId.ThisProcess, null, default, 0, 0, 0, 0));
    private readonly ExecutorId _executor = ExecutorId.New();

    public PoolStateReportTests()
    {
        _state.ExecutorReady(_executor, NodeId.New(), TimeSpan.Zero);
        _state.SubmitJobs([new JobSpec(new JobId(1), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, 3))], TimeSpan.Zero);
        _state.TakeEffects();
    }

    [Theory]
    [InlineData(200, false, "200")]
    [InlineData((int)JobStatus.PoolTerminated, false, "which no worker reports")]
    [InlineData((int)JobStatus.Threw, false, "without a failure")]
    [InlineData((int)JobStatus.Refused, false, "without a failure")]
    [InlineData((int)JobStatus.Succeeded, true, "with a failure")]
    public void JobsDone_ContradictoryOutcome_IsALostWorker(int status, bool hasFailure, string reason)
    {
        var failure = hasFailure ? FailureInfo.FromMessage("T", "m") : null;
        _state.JobsDone(_executor, [new JobOutcome(new JobId(1), (JobStatus)status, default, failure, 1)], 1, TimeSpan.Zero);

        var outcome = Ended();
        Assert.Equal(JobStatus.WorkerLost, outcome.Status);
        Assert.Contains(reason, outcome.Failure!.Message, StringComparison.Ordinal);
    }

    /// <summary>The job is not repeated, regardless of the progress that the process reported.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 0)]
    [InlineData(99, 0)]
    public void ExecutorExited_ForAMalformedFrame_EndsItsJob(long lastBegun, long lastEnded)
    {
        var exit = new ExecutorExit(ExecutorExitReason.BrokeProtocol, -9, "");
        _state.ExecutorExited(_executor, exit, new JobId(lastBegun), new JobId(lastEnded), FailureInfo.FromMessage("T", "the reason"),
            TimeSpan.Zero);

        var outcome = Ended();
        Assert.Equal(JobStatus.WorkerLost, outcome.Status);
        Assert.Contains("the reason", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    private JobOutcome Ended() => Assert.Single(Assert.Single(_state.TakeEffects().OfType<PoolEffect.SendOutcomes>()).Outcomes);
}
