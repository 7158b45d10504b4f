using System.Runtime.CompilerServices;

namespace Actors.Simulation.Tests.Kernel;

/// <summary>
/// Virtual time and the queue of events, on one thread. The same plan gives the same run, event by event.
/// </summary>
internal abstract class SimulatedWorld
{
    /// <summary>A run with more events has an endless loop of messages.</summary>
    private const int MaxEvents = 30_000;

    /// <summary>The time between two checks whether the world has finished. A check takes longer than an event.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(10);

    private readonly PriorityQueue<ScheduledEvent, (long Ticks, long Order)> _events = new();
    private readonly List<string>? _trace;
    private long _lastEvent;
    private int _lastHost;
    private int _lastPart;
    private int _lastGuid;
    private int _done;

    protected SimulatedWorld(SimulationPlan plan, PlantedBug bug, List<string>? trace)
    {
        (Plan, Bug, _trace) = (plan, bug, trace);
        Network = new SimulatedNetwork(this);
    }

    public SimulationPlan Plan { get; }

    /// <summary>The bug that the glue of this world contains on purpose.</summary>
    public PlantedBug Bug { get; }

    public SimulatedNetwork Network { get; }

    /// <summary>The virtual time. It does not start at zero, so that no duration counts from the start of the machine.</summary>
    public TimeSpan Now { get; private set; } = TimeSpan.FromDays(1);

    /// <summary>Whether steps are over: crashed programs are back, and no further fault happens.</summary>
    public bool IsHealing { get; private set; }

    public int NextPart() => ++_lastPart;

    public Guid NextGuid() => new(++_lastGuid, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    public SimulatedHost CreateHost(string name) => new(++_lastHost, name);

    /// <summary>A number that depends on the seed and on the given number alone.</summary>
    public int Mix(long number, int below) => StableRandom.Mix(Plan.Seed, number, below);

    public void Trace(string text) => _trace?.Add($"{(Now - TimeSpan.FromDays(1)).TotalMilliseconds,8:0.0} {text}");

    public bool IsTraced => _trace is not null;

    /// <summary>Throws if a promise does not hold.</summary>
    public void Require(bool condition, Invariant invariant, [InterpolatedStringHandlerArgument(nameof(condition))] RequirementText text)
    {
        if (!condition)
            throw new InvariantViolatedException(invariant, text.TakeText());
    }

    public void Schedule(TimeSpan delay, SimulatedPart? part, Action action) => ScheduleAt(Now + delay, part, action);

    public void ScheduleAt(TimeSpan time, SimulatedPart? part, Action action) =>
        _events.Enqueue(new ScheduledEvent(part, action), (time.Ticks, ++_lastEvent));

    /// <summary>Runs the plan, heals the world, and requires that everything ends.</summary>
    public void Run()
    {
        StartWorld();
        foreach (var step in Plan.Steps)
            ScheduleAt(TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(step.AtMilliseconds), null, () => DoStep(step));
        var end = Plan.Steps.IsEmpty ? 0 : Plan.Steps[^1].AtMilliseconds;
        ScheduleAt(TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(end + 1), null, StartHealing);
        RunEvents(() => IsHealing);
        var limit = Now + HealingTime;
        var nextCheck = Now;
        RunEvents(() => Now >= nextCheck && IsOver());
        CheckEnd();

        bool IsOver()
        {
            nextCheck = Now + CheckInterval;
            return IsFinished || Now > limit;
        }
    }

    /// <summary>The virtual time in which everything must end after the last fault.</summary>
    protected abstract TimeSpan HealingTime { get; }

    /// <summary>Whether nothing is left to do.</summary>
    protected abstract bool IsFinished { get; }

    protected abstract void StartWorld();

    /// <summary>Carries out a step; returns without effect if the world has nothing that it could affect.</summary>
    protected abstract void CarryOut(PlannedStep step);

    /// <summary>Restarts all that crashed.</summary>
    protected abstract void HealParts();

    /// <summary>Checks the invariants at the end.</summary>
    protected abstract void CheckEnd();

    private void DoStep(PlannedStep step)
    {
        if (IsTraced)
            Trace($"## {step.Kind} {step.Argument}");
        CarryOut(step);
    }

    private void StartHealing()
    {
        Trace("## the faults end");
        IsHealing = true;
        Network.Heal();
        HealParts();
    }

    private void RunEvents(Func<bool> isDone)
    {
        while (!isDone() && _events.TryDequeue(out var next, out var at))
        {
            if (++_done > MaxEvents)
                throw new InvariantViolatedException(Invariant.Quiet, $"The run needs more than {MaxEvents} events.");
            Now = TimeSpan.FromTicks(at.Ticks);
            if (next.Part is { } part && part.Host.PausedUntil > Now)
                ScheduleAt(part.Host.PausedUntil, part, next.Action);
            else if (next.Part is not { IsStopped: true })
                next.Action();
        }
    }

    private readonly record struct ScheduledEvent(SimulatedPart? Part, Action Action);
}
