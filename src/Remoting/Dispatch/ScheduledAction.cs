using Akka.Actor;
using Akka.Dispatch;

namespace Actors.Remoting.Dispatch;

/// <summary>An action that a scheduler runs once or repeatedly, unless it is canceled before.</summary>
/// <param name="run">The action.</param>
/// <param name="due">When it is to run first, on the scheduler's monotonic clock.</param>
/// <param name="interval">The time between two runs; zero for an action that runs once.</param>
/// <param name="cancelable">Cancels it; null when nothing does.</param>
internal sealed class ScheduledAction(IRunnable run, TimeSpan due, TimeSpan interval, ICancelable? cancelable)
{
    /// <summary>When it is to run next.</summary>
    public TimeSpan Due { get; private set; } = due;

    /// <summary>Whether it is not to run any more.</summary>
    public bool IsCanceled => cancelable is { IsCancellationRequested: true };

    /// <summary>Runs it once.</summary>
    public void Run() => run.Run();

    /// <summary>
    /// Moves a repeated action to its next time after <paramref name="now"/>. It keeps to multiples of its interval; what a process
    /// missed while it stood still is not made up for, because the runs would only follow each other at once.
    /// </summary>
    /// <returns>Whether it is to run again.</returns>
    public bool TryReschedule(TimeSpan now)
    {
        if (interval <= TimeSpan.Zero || IsCanceled)
            return false;
        var missed = Math.Max(0, (now - Due).Ticks / interval.Ticks);
        Due += (missed + 1) * interval;
        return true;
    }
}

/// <summary>Tells a message.</summary>
internal sealed class ScheduledTell(ICanTell receiver, object message, IActorRef sender) : IRunnable
{
    /// <inheritdoc/>
    public void Run() => receiver.Tell(message, sender);

    /// <inheritdoc/>
    public void Execute() => Run();

    /// <inheritdoc/>
    public override string ToString() => $"{message.GetType().Name} to {receiver}";
}
