using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Long;

/// <summary>Programs that are paused again and again.</summary>
public sealed class RestlessProgramsTests
{
    /// <summary>Longer than the failure detector waits, and shorter than the delay of the resolver.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2.5);

    /// <summary>Long enough to send messages to the others.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.4);

    /// <summary>More than 9 s in total. By default, Akka.NET then downs all members of a cluster whose membership keeps changing.</summary>
    private const int Times = 6;

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Nodes_UnreachableInTurn_EndNoCoordinator()
    {
        await using var durable = await DurableCluster.StartAsync();

        for (var time = 0; time < Times; time++)
        {
            var node = durable.Nodes[time % durable.Nodes.Length];
            node.Pause();
            await Task.Delay(Silence);
            node.Resume();
        }

        await RequireNoneEndedAsync(durable, durable.Coordinators);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Node_PausedRepeatedly_EndsNoCoordinator()
    {
        await using var durable = await DurableCluster.StartAsync();

        await StandStillTwiceAsync(durable.Nodes[0]);

        await RequireNoneEndedAsync(durable, durable.Coordinators);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_PausedRepeatedly_EndsNoOther()
    {
        await using var durable = await DurableCluster.StartAsync();
        var paused = durable.Coordinators.First(coordinator => coordinator != durable.Owner);

        await StandStillTwiceAsync(paused);

        await RequireNoneEndedAsync(durable, durable.Coordinators.Where(coordinator => coordinator != paused));
        Assert.Equal(1, await paused.ExitAsync());
    }

    /// <summary>Pauses a program twice. The second pause is long enough for its removal.</summary>
    private static async Task StandStillTwiceAsync(RoleProcess program)
    {
        program.Pause();
        await Task.Delay(Silence);
        program.Resume();
        await Task.Delay(Moment);
        program.Pause();
        await Task.Delay(4 * Silence);
        program.Resume();
    }

    private static async Task RequireNoneEndedAsync(DurableCluster durable, IEnumerable<RoleProcess> coordinators)
    {
        durable.Submit(10);
        await durable.RequireAllDoneAsync();
        Assert.All(coordinators, coordinator =>
            Assert.DoesNotContain("given this one up", coordinator.Output + coordinator.Errors, StringComparison.Ordinal));
    }
}
