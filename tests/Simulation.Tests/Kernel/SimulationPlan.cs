using System.Collections.Immutable;

namespace Actors.Simulation.Tests.Kernel;

/// <summary>Everything that decides a run: the seed of the latencies and durations, the variant of the world, and the steps.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Variant">The settings of the world, such as the options of its pool.</param>
/// <param name="Steps">The operations and faults, in the order of time.</param>
internal sealed record SimulationPlan(int Seed, int Variant, ImmutableArray<PlannedStep> Steps)
{
    public int Faults => Steps.Count(step => step.IsFault);

    public int Operations => Steps.Length - Faults;

    /// <inheritdoc/>
    public override string ToString() =>
        $"seed {Seed}, variant {Variant}, {Faults} faults, {Operations} operations:\n  {string.Join("\n  ", Steps)}";
}
