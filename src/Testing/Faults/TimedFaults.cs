using System.Globalization;

namespace Actors.Testing;

/// <summary>Injects the faults of a plan that have a time.</summary>
/// <param name="plan">The plan.</param>
/// <param name="elapsed">The time since the start.</param>
/// <param name="startTimer">Calls back after a time.</param>
/// <param name="inject">
/// Injects a fault. Returns the process id of the worker, 0 for a fault that concerns none, or null if it was not possible.
/// </param>
internal sealed class TimedFaults(
    FaultPlan plan, Func<TimeSpan> elapsed, Func<TimeSpan, Action, ITimer> startTimer, Func<Fault, int?> inject) : IDisposable
{
    private readonly ITimer?[] _timers = new ITimer?[plan.Rules.Length];
    private volatile bool _isOver;

    /// <summary>Starts the timers.</summary>
    public void Start()
    {
        foreach (var rule in plan.Rules)
        {
            if (rule.Trigger.Time is { } time)
                StartTimer(rule, time, number: 1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        foreach (var timer in _timers)
            timer?.Dispose();
    }

    private void StartTimer(FaultRule rule, TimeSpan time, int number) =>
        _timers[rule.Number] = startTimer(time, () => InjectFault(rule, number));

    private void InjectFault(FaultRule rule, int number)
    {
        if (_isOver)
            return;
        var occurrence = string.Create(CultureInfo.InvariantCulture, $"{rule.Number} at {number}");
        if (plan.Permits(occurrence) && inject(rule.Fault) is { } processId)
        {
            plan.Log.AddFault(new InjectedFault(rule.Fault, 0, "", 0, processId, elapsed())
            {
                Rule = rule.Number,
                Occurrence = occurrence,
            });
        }

        if (rule.Trigger.TimePeriod > TimeSpan.Zero)
            StartTimer(rule, rule.Trigger.TimePeriod, number + 1);
    }
}
