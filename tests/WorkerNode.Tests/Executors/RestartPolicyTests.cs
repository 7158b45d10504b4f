using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public class RestartPolicyTests
{
    private readonly RestartPolicy _policy = new();

    [Fact]
    public void OnExecutorEnded_WasReady_GivesNoPause() => Assert.Equal(TimeSpan.Zero, _policy.OnExecutorEnded(wasReady: true));

    [Fact]
    public void OnExecutorEnded_NeverReady_PausesGrowToTheLongest()
    {
        var pauses = Enumerable.Range(0, 40).Select(_ => _policy.OnExecutorEnded(wasReady: false).TotalMilliseconds).ToList();
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 5000, 5000], pauses[..8]);
        Assert.Equal(5000, pauses[^1]);
    }

    [Fact]
    public void OnExecutorReady_AfterFailures_ResetsThePause()
    {
        _policy.OnExecutorEnded(wasReady: false);
        _policy.OnExecutorEnded(wasReady: false);
        _policy.OnExecutorReady();
        Assert.Equal(TimeSpan.FromMilliseconds(100), _policy.OnExecutorEnded(wasReady: false));
    }
}

public class JobDeadlinesTests
{
    private readonly JobDeadlines _deadlines = new();

    [Fact]
    public void AddJobs_WithoutLimits_IsEmpty()
    {
        Assert.False(_deadlines.AddJobs([Job(1, 0)]));
        Assert.True(_deadlines.IsEmpty);
        Assert.Equal(JobDeadlines.DeadlineDecision.Continue, _deadlines.Decide(1, 0, TimeSpan.MaxValue));
    }

    [Fact]
    public void Decide_AfterTheLimit_IsKill()
    {
        Assert.True(_deadlines.AddJobs([Job(1, 0), Job(2, 50)]));
        Assert.Equal(JobDeadlines.DeadlineDecision.Continue, _deadlines.Decide(2, 0, TimeSpan.FromMilliseconds(50)));
        Assert.Equal(JobDeadlines.DeadlineDecision.Kill, _deadlines.Decide(2, 0, TimeSpan.FromMilliseconds(51)));
        Assert.Equal(JobDeadlines.DeadlineDecision.Continue, _deadlines.Decide(1, 0, TimeSpan.FromDays(1)));
        Assert.Equal(JobDeadlines.DeadlineDecision.Continue, _deadlines.Decide(3, 0, TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Decide_WithGrace_CancelsOnceInEachRunAndKillsAfterIt()
    {
        var deadlines = new JobDeadlines(TimeSpan.FromMilliseconds(20));
        deadlines.AddJobs([Job(1, 50)]);
        JobDeadlines.DeadlineDecision Decide(long item, int milliseconds) =>
            deadlines.Decide(1, item, TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(JobDeadlines.DeadlineDecision.Cancel, Decide(item: 1, 51));
        Assert.Equal(JobDeadlines.DeadlineDecision.Continue, Decide(item: 1, 70));
        Assert.Equal(JobDeadlines.DeadlineDecision.Kill, Decide(item: 1, 71));
        Assert.Equal(JobDeadlines.DeadlineDecision.Cancel, Decide(item: 2, 51));
        Assert.Equal(JobDeadlines.DeadlineDecision.Continue, Decide(item: 2, 10));
        Assert.Equal(JobDeadlines.DeadlineDecision.Cancel, Decide(item: 2, 51));
    }

    [Fact]
    public void RemoveJob_LastJob_IsEmpty()
    {
        _deadlines.AddJobs([Job(2, 50)]);
        _deadlines.RemoveJob(1);
        Assert.False(_deadlines.IsEmpty);
        _deadlines.RemoveJob(2);
        Assert.True(_deadlines.IsEmpty);
    }

    private static JobSpec Job(long id, long timeout) =>
        new(new JobId(id), new FunctionRef("f", default), default, new JobPolicy(timeout, 1));
}
