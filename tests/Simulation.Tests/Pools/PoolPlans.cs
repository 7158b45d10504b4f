using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Creates random plans of pools: at least 50 jobs and 5 faults.</summary>
internal static class PoolPlans
{
    private const int Submissions = 26;

    private static readonly StepKind[] Faults =
    [
        StepKind.DropMessages, StepKind.DropMessages, StepKind.DropMessages, StepKind.DropMessages, StepKind.DropMessages,
        StepKind.DropMessages, StepKind.DuplicateMessage, StepKind.DelayMessage, StepKind.DelayMessage, StepKind.DelayMessage,
        StepKind.BreakConnection, StepKind.Partition, StepKind.CrashWorker, StepKind.CrashWorker, StepKind.CrashWorker,
        StepKind.HangWorker, StepKind.LoseFrame, StepKind.LoseFrame, StepKind.FailWorkerStart, StepKind.CrashNode, StepKind.DrainNode,
        StepKind.CrashCoordinator,
    ];

    private static readonly StepKind[] DurableFaults =
    [
        .. Faults, StepKind.CrashCoordinator, StepKind.CrashCoordinator, StepKind.PauseCoordinator, StepKind.IsolateCoordinator,
        StepKind.CrashClient, StepKind.CrashClient, StepKind.FailWrite, StepKind.FailWrite, StepKind.LeaveClient, StepKind.LeaveClient,
    ];

    public static SimulationPlan Create(int seed) => Create(seed, Faults);

    public static SimulationPlan CreateDurable(int seed)
    {
        var plan = Create(seed, DurableFaults);
        var random = new StableRandom(~seed);
        var length = plan.Steps[^1].AtMilliseconds;
        var shared = Enumerable.Range(0, random.Next(12)).Select(_ => new PlannedStep(
            random.Next(length + 1), random.Next(2) == 0 ? StepKind.Attach : StepKind.RepeatKey, random.Next(10_000))).ToList();
        if (random.Next(8) == 0)
            shared.Add(new PlannedStep(random.Next(length + 1), StepKind.CloseByName, random.Next(10_000)));
        // A closed pool whose last outcome is deleted ends, and a program that opens it then gets a new pool with the same ids.
        var mayDelete = !plan.Steps.Concat(shared).Any(step => step.Kind is StepKind.ClosePool or StepKind.CloseByName);
        for (var i = random.Next(6); i > 0; i--)
        {
            var kind = random.Next(3) == 0 && mayDelete ? StepKind.DeleteJob : StepKind.RetryJob;
            shared.Add(new PlannedStep(random.Next(length + 1), kind, random.Next(10_000)));
        }

        return plan with { Steps = [.. plan.Steps.Concat(shared).OrderBy(step => step.AtMilliseconds)] };
    }

    private static SimulationPlan Create(int seed, StepKind[] faults)
    {
        var random = new StableRandom(seed);
        var steps = new List<PlannedStep>();
        // Some schedules are short bursts, others last long.
        var length = (random.Next(3)) switch { 0 => 150, 1 => 1500, _ => 8000 };
        for (var i = 0; i < Submissions; i++)
            steps.Add(new PlannedStep(random.Next(length), StepKind.Submit, 1 + random.Next(1000) / 4 * 4 + random.Next(3)));
        for (var i = 0; i < 2 + random.Next(5); i++)
            steps.Add(new PlannedStep(random.Next(length), random.Next(3) == 0 ? StepKind.Withdraw : StepKind.Cancel, random.Next(10_000)));
        for (var i = 0; i < 5 + random.Next(6); i++)
            steps.Add(new PlannedStep(random.Next(length + 500), faults[random.Next(faults.Length)], random.Next(100_000)));
        // The end of a pool is short, so a fault during it is planned.
        if (random.Next(3) == 0)
        {
            var end = length + random.Next(2000);
            steps.Add(new PlannedStep(end, StepKind.ClosePool, random.Next(6)));
            steps.Add(new PlannedStep(end + random.Next(12), faults[random.Next(faults.Length)], random.Next(100_000)));
        }

        return new SimulationPlan(seed, random.Next(1000), [.. steps.OrderBy(step => step.AtMilliseconds)]);
    }
}
