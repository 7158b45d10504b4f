using System.Globalization;

namespace Actors.Testing;

/// <summary>Injects the faults of a plan that have a time.</summary>
/// <param name="plan">The plan.</param>
/// <param name="elapsed">The time since the start.</param>
/// <param name="startTimer">Calls back after a time.</param>
/// <param name="inject">Injects a fault into a worker. Returns its process id, or null if there was none.</param>
/// <param name="startEnvironment">
/// Starts a fault of network, machines, store or clock. Its second argument is to be called when the fault has an effect.
/// </param>
internal sealed class TimedFaults(
    FaultPlan plan, Func<TimeSpan> elapsed, Func<TimeSpan, Action, ITimer> startTimer, Func<Fault, int?> inject,
    Action<Fault, Action>? startEnvironment = null) : IDisposable
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
        if (plan.Permits(occurrence))
            InjectFault(new InjectedFault(rule.Fault, 0, "", 0, 0, elapsed()) { Rule = rule.Number, Occurrence = occurrence });
        if (rule.Trigger.TimePeriod > TimeSpan.Zero)
            StartTimer(rule, rule.Trigger.TimePeriod, number + 1);
    }

    private void InjectFault(InjectedFault injected)
    {
        if (injected.Fault.IsEnvironment)
            startEnvironment!(injected.Fault, plan.Log.AddStarted(injected));
        else if (inject(injected.Fault) is { } processId)
            plan.Log.AddFault(injected with { ProcessId = processId });
    }
}
