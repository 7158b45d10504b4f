using System.Collections.Concurrent;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Actors.Remoting.Tests.Dispatch;

/// <summary>
/// The order of actions after a pause of the process. The tests simulate a pause by blocking the thread of the scheduler, which delays all
/// due actions.
/// </summary>
public sealed class PauseAwareSchedulerTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2.5);

    private readonly ConcurrentQueue<string> _done = new();
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PauseAwareScheduler _scheduler;
    private readonly TimeSpan _began;

    public PauseAwareSchedulerTests()
    {
        _scheduler = new PauseAwareScheduler(ConfigurationFactory.Default(), NoLogger.Instance, _ => _done.Enqueue("read"));
        _began = _scheduler.MonotonicClock;
    }

    private IActionScheduler Actions => _scheduler;

    private ITellScheduler Tells => _scheduler;

    /// <summary>A busy machine may pause the process: then the test repeats.</summary>
    [Fact]
    public async Task Action_ProcessWasNotPaused_RunsWithoutAWait()
    {
        var (beats, last, longest) = (0, _began, TimeSpan.Zero);
        Actions.ScheduleRepeatedly(TimeSpan.Zero, TimeSpan.FromMilliseconds(20), () =>
        {
            var now = _scheduler.MonotonicClock;
            (longest, last) = (now - last > longest ? now - last : longest, now);
            if (++beats == 10)
                _isOver.TrySetResult();
        });

        await _isOver.Task.WaitAsync(Longest);

        Assert.True(!_done.Contains("read") || longest > TimeSpan.FromSeconds(1.9), $"It stood still for {longest} at most.");
    }

    [Fact]
    public async Task Action_AfterAPause_RunsAfterTheReadingTime()
    {
        StandStill();
        Actions.ScheduleOnce(TimeSpan.FromMilliseconds(100), () => Do("act"));

        await _isOver.Task.WaitAsync(Longest);

        Assert.Equal(["stood", "read", "act"], _done);
    }

    [Fact]
    public async Task Message_AfterAPause_IsSentAfterTheReadingTime()
    {
        StandStill();
        Tells.ScheduleTellOnce(TimeSpan.FromMilliseconds(100), new Heard(Do), "told", ActorRefs.NoSender);

        await _isOver.Task.WaitAsync(Longest);

        Assert.Equal(["stood", "read", "told"], _done);
    }

    [Fact]
    public async Task Action_CanceledDuringTheReadingTime_DoesNotRun()
    {
        using var canceled = new Cancelable(Actions);
        canceled.Cancel();
        Actions.ScheduleOnce(TimeSpan.FromMilliseconds(20), () => Do("canceled"), canceled);
        Tells.ScheduleTellRepeatedly(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20), new Heard(Do), "canceled",
            ActorRefs.NoSender, canceled);
        Actions.ScheduleOnce(TimeSpan.FromMilliseconds(200), () => Do("act"));

        await _isOver.Task.WaitAsync(Longest);

        Assert.Equal(["act"], _done);
    }

    /// <inheritdoc/>
    public void Dispose() => _scheduler.Dispose();

    private void StandStill() => Actions.ScheduleOnce(TimeSpan.FromMilliseconds(20), () =>
    {
        using var never = new ManualResetEventSlim();
        never.Wait(Pause);
        _done.Enqueue("stood");
    });

    private void Do(string what)
    {
        _done.Enqueue(what);
        _isOver.TrySetResult();
    }

    private sealed class Heard(Action<string> hear) : ICanTell
    {
        public void Tell(object message, IActorRef sender) => hear((string)message);
    }
}
