using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// A scheduler whose thread sleeps until an action is due. The scheduler of the framework wakes a hundred times a second even if it has
/// nothing to do, and each time a thread of the pool looks for more work. Times are rounded up to <c>akka.scheduler.tick-duration</c>.
/// Actions run one after the other on the thread of the scheduler and must not block.
/// </summary>
public class SleepingScheduler : SchedulerBase, IDateTimeOffsetNowTimeProvider, IDisposable
{
    private static readonly long Start = Stopwatch.GetTimestamp();

    private readonly object _lock = new();
    private readonly TimerQueue _queue;
    private readonly TimeSpan _shutdownTimeout;
    private Thread? _thread;
    private TimeSpan _wakesAt = TimeSpan.MinValue;
    private volatile bool _isDisposed;

    /// <summary>Called by the actor system.</summary>
    public SleepingScheduler(Config config, ILoggingAdapter log)
        : base(config, log)
    {
        var tick = config.GetTimeSpan("akka.scheduler.tick-duration", null);
        if (tick <= TimeSpan.Zero)
            throw new ConfigurationException($"akka.scheduler.tick-duration is {tick}: it must be more than zero.");
        _queue = new TimerQueue(tick);
        _shutdownTimeout = config.GetTimeSpan("akka.scheduler.shutdown-timeout", null);
    }

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(Start);

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => TimeProvider.System.GetUtcNow();

    /// <summary>Drops all actions. After it returns, no action starts. An action that is running has the shutdown timeout to end.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _queue.Clear();
            Monitor.Pulse(_lock);
        }

        // An action may terminate the system, and so dispose this scheduler.
        if (_thread is not null && _thread != Thread.CurrentThread && !_thread.Join(_shutdownTimeout))
            Log.Warning("A scheduled action did not end within {0}.", _shutdownTimeout);
        GC.SuppressFinalize(this);
    }

    /// <summary>Called on the thread of the scheduler before each action.</summary>
    /// <param name="due">The time that the action was due.</param>
    protected virtual void BeforeAction(TimeSpan due)
    {
    }

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        AddAction(delay, TimeSpan.Zero, new ScheduledTell(receiver, message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        AddAction(initialDelay, interval, new ScheduledTell(receiver, message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        AddAction(delay, TimeSpan.Zero, new ActionRunnable(action), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        AddAction(initialDelay, interval, new ActionRunnable(action), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        AddAction(delay, TimeSpan.Zero, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        AddAction(initialDelay, interval, action, cancelable);

    private void AddAction(TimeSpan delay, TimeSpan interval, IRunnable run, ICancelable? cancelable)
    {
        var now = MonotonicClock;
        var due = delay < TimeSpan.MaxValue - now ? now + delay : TimeSpan.MaxValue;
        var action = new ScheduledAction(run, due, interval, cancelable);
        lock (_lock)
        {
            if (_isDisposed)
                throw new SchedulerException("The scheduler was shut down together with its actor system.");
            _queue.AddAction(action, now);
            _thread ??= StartThread();
            if (_queue.NextDue < _wakesAt)
                Monitor.Pulse(_lock);
        }
    }

    private Thread StartThread()
    {
        var thread = new Thread(RunActions) { IsBackground = true, Name = "actor timers" };
        thread.Start();
        return thread;
    }

    private void RunActions()
    {
        var due = new List<ScheduledAction>();
        while (WaitForDue(due))
        {
            due.RemoveAll(action => !TryRun(action));
            AddRepeated(due);
        }
    }

    /// <returns>False if the scheduler was disposed.</returns>
    private bool WaitForDue(List<ScheduledAction> due)
    {
        lock (_lock)
        {
            while (!_isDisposed)
            {
                var now = MonotonicClock;
                _queue.DequeueDue(now, due);
                if (due.Count > 0)
                    return true;
                _wakesAt = _queue.NextDue ?? TimeSpan.MaxValue;
                Monitor.Wait(_lock, ToMilliseconds(_wakesAt - now));
                _wakesAt = TimeSpan.MinValue;
            }

            return false;
        }
    }

    /// <summary>Rounds up. A time that is rounded down would cause two wake-ups.</summary>
    private static int ToMilliseconds(TimeSpan time) => (int)Math.Min(Math.Ceiling(time.TotalMilliseconds), int.MaxValue);

    /// <returns>False if the action must not run again: it was canceled or it failed.</returns>
    private bool TryRun(ScheduledAction action)
    {
        if (_isDisposed || action.IsCanceled)
            return false;
        try
        {
            BeforeAction(action.Due);
            action.Run();
            return true;
        }
#pragma warning disable CA1031 // One failed action must not stop the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Error(exception, "A scheduled action failed.");
            return false;
        }
    }

    private void AddRepeated(List<ScheduledAction> actions)
    {
        var now = MonotonicClock;
        lock (_lock)
        {
            foreach (var action in actions)
            {
                if (!_isDisposed && action.TryReschedule(now))
                    _queue.AddAction(action, now);
            }
        }

        actions.Clear();
    }
}
