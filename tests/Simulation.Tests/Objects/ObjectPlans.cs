using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Objects;

/// <summary>Creates random plans of managed objects: 100 calls and at least 5 faults.</summary>
internal static class ObjectPlans
{
    private const int Calls = 100;

    private static readonly StepKind[] Faults =
    [
        StepKind.DropMessages, StepKind.DropMessages, StepKind.DelayMessage, StepKind.BreakConnection, StepKind.BreakConnection,
        StepKind.CrashClient, StepKind.CrashClient,
    ];

    public static SimulationPlan Create(int seed)
    {
        var random = new StableRandom(seed);
        var length = random.Next(2) == 0 ? 300 : 4000;
        var steps = new List<PlannedStep>();
        for (var i = 0; i < Calls; i++)
            steps.Add(new PlannedStep(random.Next(length), StepKind.CallObject, random.Next(100_000)));
        for (var i = 0; i < 6; i++)
            steps.Add(new PlannedStep(random.Next(length), StepKind.AbandonCall, random.Next(100_000)));
        for (var i = 0; i < 5 + random.Next(4); i++)
            steps.Add(new PlannedStep(random.Next(length), Faults[random.Next(Faults.Length)], random.Next(100_000)));
        return new SimulationPlan(seed, random.Next(1000), [.. steps.OrderBy(step => step.AtMilliseconds)]);
    }
}
