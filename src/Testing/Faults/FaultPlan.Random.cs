namespace Actors.Testing;

/// <content>Random plans.</content>
public sealed partial class FaultPlan
{
    private const int MostJobFaults = 4;
    private const int MostJobs = 20;

    /// <summary>
    /// Creates a plan with a few faults that the seed chooses: up to four of jobs, and often one of the network or a node. A program whose
    /// jobs can be repeated survives all of them with the default of <see cref="PoolOptions.MaxAttempts"/>. For simulations.
    /// </summary>
    /// <param name="seed">The seed.</param>
    public static FaultPlan CreateRandom(int seed)
    {
        var random = new Random(seed);
        var plan = Create(seed);
        var jobFaults = random.Next(1, MostJobFaults + 1);
        for (var i = 0; i < jobFaults; i++)
            plan = plan.Add(FaultTrigger.OnJob(random.Next(1, MostJobs + 1)), ChooseJobFault(random));
        return random.Next(3) == 0
            ? plan
            : plan.Add(FaultTrigger.AtTime(TimeSpan.FromMilliseconds(random.Next(500))), ChooseEnvironmentFault(random));
    }

    private static Fault ChooseJobFault(Random random)
    {
        var moment = (FaultMoment)random.Next(4);
        var around = random.Next(2) == 0 ? FaultMoment.BeforeJob : FaultMoment.AfterJob;
        return random.Next(6) switch
        {
            0 => Fault.Exit(1, moment),
            1 => Fault.Delay(TimeSpan.FromSeconds(random.Next(1, 30)), around),
            2 => Fault.DeliverTwice(),
            3 => Fault.LoseResult(),
            _ => Fault.Kill(moment),
        };
    }

    private static Fault ChooseEnvironmentFault(Random random)
    {
        var time = TimeSpan.FromMilliseconds(random.Next(100, 15_000));
        return random.Next(8) switch
        {
            0 => Fault.DropMessages(time, NetworkLinks.Node, 0.3),
            1 => Fault.DelayMessages(TimeSpan.FromMilliseconds(random.Next(1, 2000)), time),
            2 => Fault.ReorderMessages(time),
            3 => Fault.DuplicateMessages(time, probability: 0.5),
            4 => Fault.PauseNode(time),
            5 => Fault.KillNode(time),
            6 => Fault.Partition(time, random.Next(2) == 0 ? NetworkLinks.NodeToCoordinator : NetworkLinks.CoordinatorToNode),
            _ => Fault.Partition(time),
        };
    }
}
