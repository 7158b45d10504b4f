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
        Assert.False(_deadlines.IsOverdue(1, TimeSpan.MaxValue));
    }

    [Fact]
    public void IsOverdue_AfterTheLimit_IsTrue()
    {
        Assert.True(_deadlines.AddJobs([Job(1, 0), Job(2, 50)]));
        Assert.False(_deadlines.IsOverdue(2, TimeSpan.FromMilliseconds(50)));
        Assert.True(_deadlines.IsOverdue(2, TimeSpan.FromMilliseconds(51)));
        Assert.False(_deadlines.IsOverdue(1, TimeSpan.FromDays(1)));
        Assert.False(_deadlines.IsOverdue(3, TimeSpan.FromDays(1)));
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
