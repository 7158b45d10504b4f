using Akka.Actor;
using Akka.Dispatch;

namespace Actors.Remoting.Dispatch;

/// <summary>An action that a scheduler runs once or repeatedly unless it is canceled.</summary>
/// <param name="run">The action.</param>
/// <param name="due">The time of the first run, on the monotonic clock of the scheduler.</param>
/// <param name="interval">The time between two runs; zero for an action that runs once.</param>
/// <param name="cancelable">Cancels the action; null if it cannot be canceled.</param>
public sealed class ScheduledAction(IRunnable run, TimeSpan due, TimeSpan interval, ICancelable? cancelable)
{
    /// <summary>The time of the next run.</summary>
    public TimeSpan Due { get; private set; } = due;

    /// <summary>Whether the action was canceled.</summary>
    public bool IsCanceled => cancelable is { IsCancellationRequested: true };

    /// <summary>Runs the action once.</summary>
    public void Run() => run.Run();

    /// <summary>
    /// Schedules the next run after <paramref name="now"/>. The times stay multiples of the interval. Runs that a paused process missed are
    /// skipped, because they would only follow each other at once.
    /// </summary>
    /// <returns>Whether the action runs again.</returns>
    public bool TryReschedule(TimeSpan now)
    {
        if (interval <= TimeSpan.Zero || IsCanceled)
            return false;
        var missed = Math.Max(0, (now - Due).Ticks / interval.Ticks);
        Due += (missed + 1) * interval;
        return true;
    }
}

/// <summary>Sends a message when it is due.</summary>
public sealed class ScheduledTell(ICanTell receiver, object message, IActorRef sender) : IRunnable
{
    /// <inheritdoc/>
    public void Run() => receiver.Tell(message, sender);

    /// <inheritdoc/>
    public void Execute() => Run();

    /// <inheritdoc/>
    public override string ToString() => $"{message.GetType().Name} to {receiver}";
}
