using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Resources;

/// <summary>Creates random plans of the small states of coordinators, nodes and clients: 120 operations and at least 10 faults.</summary>
internal static class ResourcePlans
{
    private const int Operations = 120;

    private static readonly StepKind[] Faults = [StepKind.CrashClient, StepKind.CrashNode, StepKind.CrashCoordinator];

    public static SimulationPlan Create(int seed)
    {
        var random = new StableRandom(seed);
        // Uploads expire after two minutes, and other things within seconds.
        var length = random.Next(3) == 0 ? 600_000 : 20_000;
        var steps = new List<PlannedStep>();
        for (var i = 0; i < Operations; i++)
            steps.Add(new PlannedStep(random.Next(length), StepKind.CallObject, random.Next(1_000_000)));
        for (var i = 0; i < 10 + random.Next(6); i++)
            steps.Add(new PlannedStep(random.Next(length), Faults[random.Next(Faults.Length)], random.Next(1_000_000)));
        return new SimulationPlan(seed, random.Next(1000), [.. steps.OrderBy(step => step.AtMilliseconds)]);
    }
}
