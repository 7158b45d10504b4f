using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Resources;

/// <summary>
/// The small states of coordinators, nodes and clients: the lifetimes of objects, the placement of workers, large payloads, the number of
/// workers of a node, stored code, and a client's connection. Each is compared with a model.
/// </summary>
internal sealed class ResourceWorld : SimulatedWorld
{
    private readonly CheckedState[] _states;

    public ResourceWorld(SimulationPlan plan, PlantedBug bug, List<string>? trace)
        : base(plan, bug, trace) =>
        _states =
        [
            new CheckedLifetimes(this), new CheckedPlacement(this), new CheckedPayloads(this), new CheckedScaling(this),
            new CheckedEviction(this), new CheckedConnection(this),
        ];

    protected override TimeSpan HealingTime => TimeSpan.FromSeconds(1);

    protected override bool IsFinished => true;

    protected override void StartWorld()
    {
    }

    protected override void CarryOut(PlannedStep step)
    {
        if (step.IsFault)
        {
            foreach (var state in _states)
                state.LosePart(step.Kind, step.Argument);
            return;
        }

        // The first states have the most operations.
        ReadOnlySpan<int> weights = [0, 0, 0, 1, 1, 2, 2, 2, 3, 4, 5];
        _states[weights[step.Argument % weights.Length]].CallState(step.Argument / weights.Length);
    }

    protected override void HealParts()
    {
    }

    protected override void CheckEnd()
    {
        foreach (var state in _states)
            state.CheckEnd();
    }
}
