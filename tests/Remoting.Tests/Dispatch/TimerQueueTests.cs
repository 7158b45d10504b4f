using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Dispatch;

namespace Actors.Remoting.Tests.Dispatch;

public sealed class TimerQueueTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly TimerQueue _queue = new(Tick);
    private readonly List<string> _ran = [];

    [Fact]
    public void NextDue_EmptyQueue_IsNull() => Assert.Null(_queue.NextDue);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 20)]
    [InlineData(20, 20)]
    [InlineData(21, 40)]
    public void NextDue_AnyTime_IsRoundedUpToATick(int due, int rounded)
    {
        Add("action", due);

        Assert.Equal(TimeSpan.FromMilliseconds(rounded), _queue.NextDue);
    }

    [Fact]
    public void NextDue_LargestTime_IsNotInThePast()
    {
        _queue.AddAction(new ScheduledAction(new ActionRunnable(() => { }), TimeSpan.MaxValue, TimeSpan.Zero, null), TimeSpan.Zero);

        Assert.True(_queue.NextDue > TimeSpan.FromDays(10_000));
    }

    [Fact]
    public void DequeueDue_BeforeTheTick_ReturnsNothing()
    {
        Add("action", 30);

        RunDue(39);

        Assert.Empty(_ran);
    }

    [Fact]
    public void DequeueDue_SeveralActions_KeepsTheOrderOfTimeAndAddition()
    {
        Add("late", 60);
        Add("first", 20);
        Add("second", 20);
        Add("third", 20);
        Add("later than asked", 200);

        RunDue(100);

        Assert.Equal(["first", "second", "third", "late"], _ran);
        Assert.Equal(TimeSpan.FromMilliseconds(200), _queue.NextDue);
    }

    [Fact]
    public void DequeueDue_CanceledAction_IsLeftOut()
    {
        using var cancelable = NewCancelable();
        Add("canceled", 20, cancelable);
        Add("kept", 20);
        cancelable.Cancel();

        RunDue(20);

        Assert.Equal(["kept"], _ran);
    }

    /// <summary>Most timeouts are canceled long before they are due, and must not accumulate.</summary>
    [Fact]
    public void AddAction_ManyCanceledActions_KeepsFew()
    {
        var most = 0;
        for (var i = 0; i < 100_000; i++)
        {
            using var cancelable = NewCancelable();
            Add("timeout", 60_000, cancelable);
            cancelable.Cancel();
            most = Math.Max(most, _queue.Count);
        }

        Assert.InRange(most, 1, 1024);
    }

    /// <summary>The objects that canceled actions refer to could not be collected before.</summary>
    [Fact]
    public void DequeueDue_AfterTheSweepInterval_DropsCanceledActions()
    {
        using var cancelable = NewCancelable();
        Add("timeout", 3_600_000, cancelable);
        cancelable.Cancel();

        RunDue(5000);

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void TryReschedule_LateRun_KeepsMultiplesOfTheInterval()
    {
        var action = new ScheduledAction(new ActionRunnable(() => { }), Milliseconds(30), Milliseconds(100), null);

        Assert.True(action.TryReschedule(Milliseconds(45)));

        Assert.Equal(Milliseconds(130), action.Due);
    }

    [Fact]
    public void TryReschedule_MissedRuns_AreSkipped()
    {
        var action = new ScheduledAction(new ActionRunnable(() => { }), Milliseconds(30), Milliseconds(100), null);

        Assert.True(action.TryReschedule(Milliseconds(1045)));

        Assert.Equal(Milliseconds(1130), action.Due);
    }

    [Fact]
    public void TryReschedule_ActionWithoutInterval_IsFalse() =>
        Assert.False(new ScheduledAction(new ActionRunnable(() => { }), Tick, TimeSpan.Zero, null).TryReschedule(Tick));

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static Cancelable NewCancelable() => new((IActionScheduler)null!);

    private void Add(string name, int due, ICancelable? cancelable = null) =>
        _queue.AddAction(new ScheduledAction(new ActionRunnable(() => _ran.Add(name)), Milliseconds(due), TimeSpan.Zero, cancelable),
            TimeSpan.Zero);

    private void RunDue(int now)
    {
        var due = new List<ScheduledAction>();
        _queue.DequeueDue(Milliseconds(now), due);
        due.ForEach(action => action.Run());
    }
}
