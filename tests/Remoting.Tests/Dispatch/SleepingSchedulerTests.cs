using System.Collections.Concurrent;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Actors.Remoting.Tests.Dispatch;

public sealed class SleepingSchedulerTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    private readonly SleepingScheduler _scheduler = new(ConfigurationFactory.Default(), NoLogger.Instance);
    private readonly BlockingCollection<string> _ran = new();

    private IActionScheduler Actions => _scheduler;

    [Theory]
    [InlineData("local.conf")]
    [InlineData("common.conf")]
    public void Scheduler_OfEachRole_IsTheSleepingScheduler(string file) =>
        Assert.Contains(nameof(SleepingScheduler), RoleConfiguration.ReadFile(file).GetString("akka.scheduler.implementation"),
            StringComparison.Ordinal);

    [Fact]
    public void ScheduleOnce_Delay_RunsNoEarlier()
    {
        var began = _scheduler.MonotonicClock;
        var ended = TimeSpan.Zero;
        Actions.ScheduleOnce(TimeSpan.FromMilliseconds(150), () =>
        {
            ended = _scheduler.MonotonicClock;
            _ran.Add("action");
        });

        Assert.Equal("action", Next());
        Assert.InRange(ended - began, TimeSpan.FromMilliseconds(150), Longest);
    }

    /// <summary>The thread of the scheduler sleeps until the later action.</summary>
    [Fact]
    public void ScheduleOnce_DueBeforeTheOthers_WakesTheThread()
    {
        Actions.ScheduleOnce(TimeSpan.FromHours(1), () => _ran.Add("late"));
        Actions.ScheduleOnce(TimeSpan.FromMilliseconds(200), () => _ran.Add("early"));
        Actions.ScheduleOnce(TimeSpan.Zero, () => _ran.Add("now"));

        Assert.Equal(["now", "early"], [Next(), Next()]);
    }

    [Fact]
    public void ScheduleRepeatedly_UntilCanceled_Runs()
    {
        using var cancelable = new Cancelable(Actions);
        var runs = 0;
        Actions.ScheduleRepeatedly(TimeSpan.Zero, Soon, () =>
        {
            if (++runs == 5)
                cancelable.Cancel();
            _ran.Add($"{runs}");
        }, cancelable);

        Assert.Equal(["1", "2", "3", "4", "5"], Enumerable.Range(0, 5).Select(_ => Next()));
        Actions.ScheduleOnce(Soon * 4, () => _ran.Add("after"));
        Assert.Equal("after", Next());
    }

    [Fact]
    public void ScheduleTellOnce_Message_IsDelivered()
    {
        ((ITellScheduler)_scheduler).ScheduleTellOnce(Soon, new Told(_ran), "message", ActorRefs.NoSender);

        Assert.Equal("message", Next());
    }

    [Fact]
    public void Action_ThatThrows_StopsAloneAndNotTheOthers()
    {
        Actions.ScheduleRepeatedly(TimeSpan.Zero, Soon, () =>
        {
            _ran.Add("throws");
            throw new InvalidOperationException();
        });
        Actions.ScheduleOnce(Soon * 4, () => _ran.Add("other"));

        Assert.Equal(["throws", "other"], [Next(), Next()]);
    }

    [Fact]
    public async Task Dispose_WhileAnActionRuns_WaitsForItAndStartsNoOther()
    {
        using var mayEnd = new ManualResetEventSlim();
        Actions.ScheduleOnce(TimeSpan.Zero, () =>
        {
            _ran.Add("began");
            mayEnd.Wait(Longest);
            _ran.Add("ended");
        });
        Assert.Equal("began", Next());
        Actions.ScheduleOnce(TimeSpan.Zero, () => _ran.Add("dropped"));
        Actions.ScheduleRepeatedly(TimeSpan.Zero, Soon, () => _ran.Add("dropped"));

        var disposal = Task.Run(_scheduler.Dispose);
        while (!IsDisposed())
            await Task.Yield();
        mayEnd.Set();
        await disposal.WaitAsync(Longest);

        Assert.Equal(["ended"], _ran);
    }

    [Fact]
    public void Dispose_ByAnAction_DoesNotWaitForItself()
    {
        using var mayRun = new ManualResetEventSlim();
        Actions.ScheduleOnce(TimeSpan.Zero, () =>
        {
            mayRun.Wait(Longest);
            _scheduler.Dispose();
            _ran.Add("disposed");
        });
        Actions.ScheduleOnce(TimeSpan.Zero, () => _ran.Add("dropped"));
        mayRun.Set();

        Assert.Equal("disposed", Next());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scheduler.Dispose();
        _ran.Dispose();
    }

    private bool IsDisposed()
    {
        try
        {
            Actions.ScheduleOnce(TimeSpan.FromHours(1), () => _ran.Add("late"));
            return false;
        }
        catch (SchedulerException)
        {
            return true;
        }
    }

    private string Next() => _ran.TryTake(out var name, Longest) ? name : "nothing";

    private sealed class Told(BlockingCollection<string> ran) : ICanTell
    {
        public void Tell(object message, IActorRef sender) => ran.Add((string)message);
    }
}
