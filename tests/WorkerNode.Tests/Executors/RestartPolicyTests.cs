using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public class RestartPolicyTests
{
    private readonly RestartPolicy _policy = new();

    [Fact]
    public void Ended_AfterItWasReady_NoPause() => Assert.Equal(TimeSpan.Zero, _policy.Ended(wasReady: true));

    [Fact]
    public void Ended_WithoutHavingStarted_PausesGrowToTheLongest()
    {
        var pauses = Enumerable.Range(0, 40).Select(_ => _policy.Ended(wasReady: false).TotalMilliseconds).ToList();
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 5000, 5000], pauses[..8]);
        Assert.Equal(5000, pauses[^1]);
    }

    [Fact]
    public void Started_ForgetsWhatFailed()
    {
        _policy.Ended(wasReady: false);
        _policy.Ended(wasReady: false);
        _policy.Started();
        Assert.Equal(TimeSpan.FromMilliseconds(100), _policy.Ended(wasReady: false));
    }
}

public class JobDeadlinesTests
{
    private readonly JobDeadlines _deadlines = new();

    [Fact]
    public void Add_WithoutLimits_IsEmpty()
    {
        Assert.False(_deadlines.Add([Job(1, 0)]));
        Assert.True(_deadlines.IsEmpty);
        Assert.False(_deadlines.IsOver(1, TimeSpan.MaxValue));
    }

    [Fact]
    public void IsOver_AfterTheLimit_NotAtIt()
    {
        Assert.True(_deadlines.Add([Job(1, 0), Job(2, 50)]));
        Assert.False(_deadlines.IsOver(2, TimeSpan.FromMilliseconds(50)));
        Assert.True(_deadlines.IsOver(2, TimeSpan.FromMilliseconds(51)));
        Assert.False(_deadlines.IsOver(1, TimeSpan.FromDays(1)));
        Assert.False(_deadlines.IsOver(3, TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Remove_OfTheLast_IsEmpty()
    {
        _deadlines.Add([Job(2, 50)]);
        _deadlines.Remove(1);
        Assert.False(_deadlines.IsEmpty);
        _deadlines.Remove(2);
        Assert.True(_deadlines.IsEmpty);
    }

    private static JobSpec Job(long id, long timeout) => new(new JobId(id), new FunctionRef("f", default), default, timeout, 1);
}
