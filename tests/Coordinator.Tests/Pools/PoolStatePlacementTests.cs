using System.Collections.Immutable;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>The distribution of jobs over executors.</summary>
public sealed class PoolStatePlacementTests
{
    private const long Millisecond = 1_000;

    private readonly PoolState _state = new(new PoolSpec(2, BundleId.ThisProcess, null, default, 0, 0, 0, 60_000));
    private readonly ExecutorId _first = ExecutorId.New();
    private readonly ExecutorId _second = ExecutorId.New();
    private readonly Dictionary<ExecutorId, Queue<JobId>> _held;
    private readonly List<ExecutorId> _recalled = [];
    private TimeSpan _now;

    public PoolStatePlacementTests()
    {
        _held = new() { [_first] = new(), [_second] = new() };
        foreach (var executor in _held.Keys)
        {
            _state.ExecutorStarting(executor, NodeId.New());
            _state.ExecutorReady(executor, NodeId.New(), _now);
        }
    }

    [Fact]
    public void Executor_TenTimesSlower_GetsATenthOfTheJobs()
    {
        Submit(100_000);
        var done = new Dictionary<ExecutorId, int> { [_first] = 0, [_second] = 0 };
        var (ofQuick, ofSlow) = (0, 0);

        // Each millisecond the fast executor runs a hundred jobs, the slow one ten.
        for (var millisecond = 0; millisecond < 500; millisecond++)
        {
            _now += TimeSpan.FromMilliseconds(1);
            foreach (var (executor, speed) in new[] { (_first, 100), (_second, 10) })
                done[executor] += Do(executor, speed);
            (ofQuick, ofSlow) = (Math.Max(ofQuick, _held[_first].Count), Math.Max(ofSlow, _held[_second].Count));
        }

        Assert.InRange((double)done[_first] / done[_second], 8, 12);
        Assert.InRange((double)ofQuick / ofSlow, 5, 20);
    }

    [Fact]
    public void Jobs_BehindALongOne_MoveToAnIdleExecutor()
    {
        // Short jobs have enlarged the windows. Then one job of the first executor takes long.
        Submit(5_000);
        while (_state.Waiting > 0)
        {
            Do(_first, 100);
            Do(_second, 100);
        }

        while (_held[_second].Count > 0)
            Do(_second, 100);
        var behind = _held[_first].Skip(1).ToList();
        Assert.NotEmpty(behind);
        Assert.True(_state.NeedsCheck);

        _state.CheckProgress(_now);
        Carry();
        Assert.Empty(_recalled);
        _now += TimeSpan.FromMilliseconds(6);
        _state.CheckProgress(_now);
        Carry();
        Assert.Equal([_first], _recalled);

        var running = _held[_first].Dequeue();
        _held[_first].Clear();
        _state.JobsReturned(_first, [.. behind], _now);
        Carry();
        Assert.NotEmpty(_held[_second]);
        Assert.All(_held[_second], job => Assert.Contains(job, behind));
        Assert.DoesNotContain(running, _held[_second]);
    }

    private void Submit(int count)
    {
        _state.SubmitJobs([.. Enumerable.Range(1, count)
            .Select(id => new JobSpec(new JobId(id), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, 3)))], _now);
        Carry();
    }

    /// <summary>Ends some jobs of an executor, as far as it has them.</summary>
    private int Do(ExecutorId executor, int speed)
    {
        var jobs = Enumerable.Range(0, Math.Min(speed, _held[executor].Count)).Select(_ => _held[executor].Dequeue()).ToImmutableArray();
        if (jobs.IsEmpty)
            return 0;
        _state.JobsDone(executor, [.. jobs.Select(job => new JobOutcome(job, JobStatus.Succeeded, default, null, 1))],
            jobs.Length * Millisecond / speed, _now);
        Carry();
        return jobs.Length;
    }

    private void Carry()
    {
        foreach (var effect in _state.TakeEffects())
        {
            if (effect is PoolEffect.SendJobs run)
                run.Jobs.ToList().ForEach(job => _held[run.Executor].Enqueue(job.Id));
            else if (effect is PoolEffect.SendRevocation recall)
                _recalled.Add(recall.Executor);
        }
    }
}
