using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Queues;

/// <summary>Creates random plans of durable queues: 60 calls and at least 5 faults.</summary>
internal static class QueuePlans
{
    private const int Calls = 60;

    private static readonly StepKind[] Faults =
    [
        StepKind.DropMessages, StepKind.DropMessages, StepKind.DropMessages, StepKind.DuplicateMessage, StepKind.DelayMessage,
        StepKind.DelayMessage, StepKind.Partition, StepKind.CrashCoordinator, StepKind.CrashCoordinator, StepKind.FailWrite,
        StepKind.CrashClient, StepKind.LeaveClient, StepKind.SuspectCaller,
    ];

    public static SimulationPlan Create(int seed)
    {
        var random = new StableRandom(seed);
        var length = random.Next(2) == 0 ? 400 : 4000;
        var steps = new List<PlannedStep>();
        for (var i = 0; i < Calls; i++)
            steps.Add(new PlannedStep(random.Next(length), StepKind.CallObject, random.Next(1_000_000)));
        for (var i = 0; i < 3; i++)
            steps.Add(new PlannedStep(random.Next(length), StepKind.AbandonCall, random.Next(100_000)));
        for (var i = 0; i < 5 + random.Next(5); i++)
            steps.Add(new PlannedStep(random.Next(length), Faults[random.Next(Faults.Length)], random.Next(100_000)));
        return new SimulationPlan(seed, random.Next(1000), [.. steps.OrderBy(step => step.AtMilliseconds)]);
    }
}
