using System.Collections.Concurrent;
using Actors.Simulation.Tests.Objects;
using Actors.Simulation.Tests.Pools;
using Actors.Simulation.Tests.Queues;
using Actors.Simulation.Tests.Resources;

namespace Actors.Simulation.Tests.Kernel;

/// <summary>One kind of world and its random plans.</summary>
/// <param name="Name">The name, for messages.</param>
/// <param name="CreatePlan">Creates the plan of a seed.</param>
/// <param name="CreateWorld">Creates the world of a plan; the last argument receives the trace, or is null.</param>
internal sealed record Simulation(
    string Name, Func<int, SimulationPlan> CreatePlan, Func<SimulationPlan, PlantedBug, List<string>?, SimulatedWorld> CreateWorld)
{
    public static Simulation Pools { get; } = new(
        nameof(Pools), PoolPlans.Create, static (plan, bug, trace) => new PoolWorld(plan, bug, trace));

    public static Simulation DurablePools { get; } = new(
        nameof(DurablePools), PoolPlans.CreateDurable, static (plan, bug, trace) => new PoolWorld(plan, bug, trace, isDurable: true));

    public static Simulation Objects { get; } = new(
        nameof(Objects), ObjectPlans.Create, static (plan, bug, trace) => new ObjectWorld(plan, bug, trace));

    public static Simulation DurableQueues { get; } = new(
        nameof(DurableQueues), QueuePlans.Create, static (plan, bug, trace) => new QueueWorld(plan, bug, trace));

    public static Simulation Resources { get; } = new(
        nameof(Resources), ResourcePlans.Create, static (plan, bug, trace) => new ResourceWorld(plan, bug, trace));

    public static IReadOnlyList<Simulation> All { get; } = [Pools, DurablePools, Objects, DurableQueues, Resources];

    /// <summary>Whether the world contains the part in which the bug is planted.</summary>
    public bool Finds(PlantedBug bug) =>
        Name == (bug.IsInObjects() ? nameof(Objects)
            : bug.IsInQueues() ? nameof(DurableQueues)
            : bug.IsDurable() ? nameof(DurablePools) : nameof(Pools));

    /// <summary>Runs the plan of a seed.</summary>
    /// <returns>The violated invariant; null if all held.</returns>
    public SimulationFailure? RunSeed(int seed, PlantedBug bug = PlantedBug.None) => RunPlan(CreatePlan(seed), bug, null);

    /// <summary>Runs many seeds on all processors, until one fails.</summary>
    /// <returns>The failure of the lowest seed that was found; null for none.</returns>
    public SimulationFailure? RunSeeds(int first, int count, PlantedBug bug = PlantedBug.None)
    {
        var failures = new ConcurrentBag<SimulationFailure>();
        Parallel.For(first, first + count, (seed, loop) =>
        {
            if (RunSeed(seed, bug) is not { } failure)
                return;
            failures.Add(failure);
            loop.Break();
        });
        return failures.MinBy(failure => failure.Plan.Seed);
    }

    /// <summary>Removes the steps that a failure does not need.</summary>
    public SimulationFailure Reduce(SimulationFailure failure) => RunPlan(
        PlanReducer.Reduce(failure.Plan, plan => RunPlan(plan, failure.Bug, null)?.Invariant == failure.Invariant), failure.Bug, [])!;

    /// <summary>Runs a plan.</summary>
    public SimulationFailure? RunPlan(SimulationPlan plan, PlantedBug bug, List<string>? trace)
    {
        try
        {
            CreateWorld(plan, bug, trace).Run();
            return null;
        }
        catch (InvariantViolatedException violation)
        {
            return new SimulationFailure(this, plan, bug, violation.Invariant, violation.Message, trace ?? []);
        }
#pragma warning disable CA1031 // A state class that throws is a failure like any other.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new SimulationFailure(this, plan, bug, Invariant.NoException, $"{exception}", trace ?? []);
        }
    }
}

/// <summary>A run in which an invariant did not hold.</summary>
/// <param name="Simulation">The kind of world.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Bug">The planted bug.</param>
/// <param name="Invariant">The name of the invariant.</param>
/// <param name="Message">The violation.</param>
/// <param name="Trace">The messages of the run, if they were recorded.</param>
internal sealed record SimulationFailure(
    Simulation Simulation, SimulationPlan Plan, PlantedBug Bug, Invariant Invariant, string Message, IReadOnlyList<string> Trace)
{
    private const int ShownTrace = 120;

    /// <inheritdoc/>
    public override string ToString() =>
        $"""
        {Message}
        World {Simulation.Name}, {Plan}
        Repeat it with: ACTORS_SEED={Plan.Seed} dotnet test tests/Simulation.Tests
        The last events:
          {string.Join("\n  ", Trace.TakeLast(ShownTrace))}
        """;
}
