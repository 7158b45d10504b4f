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
    public void NextDue_OfAnEmptyQueue_IsNever() => Assert.Null(_queue.NextDue);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 20)]
    [InlineData(20, 20)]
    [InlineData(21, 40)]
    public void NextDue_IsRoundedUpToATick(int due, int rounded)
    {
        Add("action", due);

        Assert.Equal(TimeSpan.FromMilliseconds(rounded), _queue.NextDue);
    }

    [Fact]
    public void NextDue_OfTheLastTimeThereIs_IsNotInThePast()
    {
        _queue.AddAction(new ScheduledAction(new ActionRunnable(() => { }), TimeSpan.MaxValue, TimeSpan.Zero, null), TimeSpan.Zero);

        Assert.True(_queue.NextDue > TimeSpan.FromDays(10_000));
    }

    [Fact]
    public void TakeDue_BeforeTheTick_TakesNothing()
    {
        Add("action", 30);

        RunDue(39);

        Assert.Empty(_ran);
    }

    [Fact]
    public void TakeDue_TakesInTheOrderOfTime_AndThenOfAdding()
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
    public void TakeDue_LeavesOutWhatWasCanceled()
    {
        using var cancelable = NewCancelable();
        Add("canceled", 20, cancelable);
        Add("kept", 20);
        cancelable.Cancel();

        RunDue(20);

        Assert.Equal(["kept"], _ran);
    }

    /// <summary>Most timeouts are canceled long before they are due: they must not pile up until then.</summary>
    [Fact]
    public void Add_OfManyThatAreCanceledSoon_KeepsFew()
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

    /// <summary>What they refer to could not be collected before.</summary>
    [Fact]
    public void TakeDue_AfterSomeSeconds_DropsWhatWasCanceled()
    {
        using var cancelable = NewCancelable();
        Add("timeout", 3_600_000, cancelable);
        cancelable.Cancel();

        RunDue(5000);

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void Repeated_KeepsToMultiplesOfItsInterval()
    {
        var action = new ScheduledAction(new ActionRunnable(() => { }), Milliseconds(30), Milliseconds(100), null);

        Assert.True(action.TryReschedule(Milliseconds(45)));

        Assert.Equal(Milliseconds(130), action.Due);
    }

    [Fact]
    public void Repeated_ThatMissedSomeTimes_DoesNotMakeUpForThem()
    {
        var action = new ScheduledAction(new ActionRunnable(() => { }), Milliseconds(30), Milliseconds(100), null);

        Assert.True(action.TryReschedule(Milliseconds(1045)));

        Assert.Equal(Milliseconds(1130), action.Due);
    }

    [Fact]
    public void Once_IsNotRunAgain() => Assert.False(new ScheduledAction(new ActionRunnable(() => { }), Tick, TimeSpan.Zero, null).TryReschedule(Tick));

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static Cancelable NewCancelable() => new((IActionScheduler)null!);

    private void Add(string name, int due, ICancelable? cancelable = null) =>
        _queue.AddAction(new ScheduledAction(new ActionRunnable(() => _ran.Add(name)), Milliseconds(due), TimeSpan.Zero, cancelable), TimeSpan.Zero);

    private void RunDue(int now)
    {
        var due = new List<ScheduledAction>();
        _queue.DequeueDue(Milliseconds(now), due);
        due.ForEach(action => action.Run());
    }
}
