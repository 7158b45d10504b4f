using System.Collections.Immutable;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>Jobs that are canceled unless they have begun, and closed pools with an initializer.</summary>
public class PoolStateWithdrawingTests
{
    private static readonly FunctionRef Function = new("f", new byte[] { 1 });

    private readonly PoolState _state = new(Spec(null));
    private readonly NodeId _node = NodeId.New();
    private readonly ExecutorId _executor = ExecutorId.New();

    [Fact]
    public void WithdrawJobs_WaitingJob_EndsItAtOnce()
    {
        Submit(_state, 1);
        _state.TakeEffects();

        _state.WithdrawJobs([new JobId(1)]);

        Assert.Equal([(1L, JobStatus.Canceled)], Ended(_state.TakeEffects()));
    }

    [Fact]
    public void WithdrawJobs_ReturnedJob_EndsIt()
    {
        Give(2);

        _state.WithdrawJobs([new JobId(2)]);
        Assert.Equal(_executor, Assert.IsType<PoolEffect.SendRevocation>(Assert.Single(_state.TakeEffects())).Executor);
        _state.JobsReturned(_executor, [new JobId(2)], TimeSpan.Zero);

        Assert.Equal([(2L, JobStatus.Canceled)], Ended(_state.TakeEffects()));
        Assert.True(_state.IsRunning(new JobId(1)));
    }

    [Fact]
    public void WithdrawJobs_JobHasBegun_IsReportedAndContinues()
    {
        Give(2);

        _state.WithdrawJobs([new JobId(1)]);
        _state.TakeEffects();
        _state.JobsReturned(_executor, [new JobId(2)], TimeSpan.Zero);

        var effects = _state.TakeEffects();
        Assert.Equal([new JobId(1)], Assert.Single(effects.OfType<PoolEffect.SendNotWithdrawn>()).Jobs.ToArray());
        Assert.Empty(Ended(effects));
        // The job may still lose its executor and run again.
        _state.ExecutorExited(_executor, new ExecutorExit(ExecutorExitReason.Crashed, 1, ""), new JobId(1), default, null, TimeSpan.Zero);
        Assert.Equal(2, _state.Waiting);
    }

    /// <summary>A request of 16 MiB has room for two million ids. Each was answered by a message, which filled the memory.</summary>
    [Fact]
    public void WithdrawJobs_ManyUnknownJobs_AreReportedTogether()
    {
        _state.WithdrawJobs([.. Enumerable.Range(1, 10_000).Select(id => new JobId(id))]);

        Assert.Equal(10_000, Assert.IsType<PoolEffect.SendNotWithdrawn>(Assert.Single(_state.TakeEffects())).Jobs.Length);
    }

    /// <summary>A client chooses the ids. With known hash codes, each lookup searched all jobs: five minutes for one message.</summary>
    [Fact(Timeout = 10_000)]
    public async Task SubmitJobs_IdsWithEqualHalves_TakesNoSearch()
    {
        // An array before the pool: the test fails by its timeout otherwise.
        var jobs = CollidingIds(200_000).Select(id => new JobSpec(id, Function, default, JobPolicy.Once)).ToImmutableArray();

        await Task.Run(() =>
        {
            _state.SubmitJobs(jobs, TimeSpan.Zero);
            _state.CancelJobs([.. jobs.Select(job => job.Id)]);
        });

        Assert.Equal(0, _state.Pending);
    }

    private static IEnumerable<JobId> CollidingIds(int count) =>
        Enumerable.Range(1, count).Select(half => new JobId(((long)half << 32) | ((long)half ^ 7)));

    [Fact]
    public void WithdrawJobs_UnknownJob_IsReported()
    {
        _state.WithdrawJobs([new JobId(9)]);

        Assert.Equal([new JobId(9)], Assert.IsType<PoolEffect.SendNotWithdrawn>(Assert.Single(_state.TakeEffects())).Jobs.ToArray());
    }

    [Fact]
    public void WithdrawJobs_TwoOfAnExecutor_RevokesOnce()
    {
        Give(3);

        _state.WithdrawJobs([new JobId(2), new JobId(3)]);

        Assert.Single(_state.TakeEffects().OfType<PoolEffect.SendRevocation>());
    }

    [Fact]
    public void WithdrawAll_ClosedPool_LeavesRunningJobs()
    {
        Give(3);
        Submit(_state, 4);

        _state.WithdrawAll();
        _state.ClosePool();
        _state.JobsReturned(_executor, [new JobId(2), new JobId(3), new JobId(4)], TimeSpan.Zero);

        Assert.Equal([2L, 3L, 4L], Ended(_state.TakeEffects()).Where(end => end.Status == JobStatus.Canceled).Select(end => end.Id)
            .Order());
        Assert.Equal(1, _state.Pending);
        Assert.True(_state.IsRunning(new JobId(1)));
    }

    /// <summary>The message with the returned jobs was lost. Repeated requests would delay the comparison forever.</summary>
    [Fact]
    public void JobsReturned_WithoutExpectedJobs_ComparesInsteadOfRevokingAgain()
    {
        Give(3);
        var moment = TimeSpan.FromMilliseconds(10);
        _state.ExecutorReady(ExecutorId.New(), _node, moment);
        _state.CheckProgress(moment);
        Assert.Single(_state.TakeEffects().OfType<PoolEffect.SendRevocation>());

        _state.JobsReturned(_executor, [], moment);
        _state.CheckProgress(2 * moment);
        Assert.False(_state.NeedsCheck);
        _state.CompareExecutors(TimeSpan.FromSeconds(1));

        var effects = _state.TakeEffects();
        Assert.Empty(effects.OfType<PoolEffect.SendRevocation>());
        Assert.Contains(effects, effect => effect is PoolEffect.SendComparison { Executor: var compared } && compared == _executor);
    }

    [Fact]
    public void IsRunning_JobsInOrder_IsTheFirst()
    {
        Give(2);
        Submit(_state, 3);

        Assert.Equal((true, false, false),
            (_state.IsRunning(new JobId(1)), _state.IsRunning(new JobId(2)), _state.IsRunning(new JobId(3))));
        _state.JobsDone(_executor, [new JobOutcome(new JobId(1), JobStatus.Succeeded, default, null, 1)], 1, TimeSpan.Zero);
        Assert.Equal((false, true), (_state.IsRunning(new JobId(1)), _state.IsRunning(new JobId(2))));
    }

    [Fact]
    public void ClosePool_InitializerHasNotRun_WaitsForGrantedExecutors()
    {
        var state = new PoolState(Spec(Function));
        state.ClosePool();
        state.ExecutorsGranted(2);
        state.ExecutorReady(_executor, _node, TimeSpan.Zero);
        Assert.DoesNotContain(state.TakeEffects(), effect => effect is PoolEffect.ReleaseExecutors);

        state.ExecutorReady(ExecutorId.New(), _node, TimeSpan.Zero);

        Assert.Contains(state.TakeEffects(), effect => effect is PoolEffect.ReleaseExecutors);
    }

    [Fact]
    public void ClosePool_NoExecutorGranted_EndsThePool()
    {
        var state = new PoolState(Spec(Function));
        state.ClosePool();
        Assert.Empty(state.TakeEffects());

        state.ExecutorsGranted(0);

        Assert.True(state.IsFinished);
    }

    [Fact]
    public void ClosePool_InitializerThrowsLater_FailsThePool()
    {
        var state = new PoolState(Spec(Function));
        state.ExecutorsGranted(1);
        state.ExecutorStarting(_executor, _node);
        state.ClosePool();

        state.ExecutorExited(_executor, new ExecutorExit(ExecutorExitReason.InitializerThrew, 1, ""), default, default,
            FailureInfo.FromMessage("T", "m"), TimeSpan.Zero);

        Assert.Contains(state.TakeEffects(), effect => effect is PoolEffect.SendFailure);
        Assert.True(state.IsFinished);
    }

    private static PoolSpec Spec(FunctionRef? initializer) => new(1, BundleId.ThisProcess, initializer, default, 0, 0, 0, 60_000);

    /// <summary>Assigns jobs to the executor.</summary>
    private void Give(int jobs)
    {
        _state.ExecutorReady(_executor, _node, TimeSpan.Zero);
        // Short jobs enlarge the window.
        for (var id = 1001; id < 1011; id++)
        {
            Submit(_state, id);
            _state.JobsDone(_executor, [new JobOutcome(new JobId(id), JobStatus.Succeeded, default, null, 1)], 1, TimeSpan.Zero);
        }

        Submit(_state, [.. Enumerable.Range(1, jobs)]);
        Assert.Equal(0, _state.Waiting);
        _state.TakeEffects();
    }

    private static void Submit(PoolState state, params int[] ids) =>
        state.SubmitJobs([.. ids.Select(id => new JobSpec(new JobId(id), Function, default, new JobPolicy(0, 3)))], TimeSpan.Zero);

    private static (long Id, JobStatus Status)[] Ended(IEnumerable<PoolEffect> effects) =>
        [.. effects.OfType<PoolEffect.SendOutcomes>().SelectMany(end => end.Outcomes)
            .Select(outcome => (outcome.Id.Value, outcome.Status))];
}
