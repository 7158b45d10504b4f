using System.Diagnostics;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests.Long;

/// <summary>
/// Two of three coordinators, of which one does not receive the messages of the other; all other connections work. Each of the two
/// considers the other unreachable, because its messages are not answered, and both are removed. Programs that end are restarted, as
/// <c>restart: unless-stopped</c> does.
/// </summary>
public sealed class DeafCoordinatorTests(ITestOutputHelper output)
{
    [FirewallFact(Timeout = 2 * Guard.Milliseconds)]
    public Task Owner_DoesNotReceive_BatchEndsAndClusterHeals() => RunAsync(isOwnerDeaf: true);

    [FirewallFact(Timeout = 2 * Guard.Milliseconds)]
    public Task Owner_IsNotReceived_BatchEndsAndClusterHeals() => RunAsync(isOwnerDeaf: false);

    private async Task RunAsync(bool isOwnerDeaf)
    {
        await using var durable = await DurableCluster.StartAsync(canBeCut: true);
        var owner = durable.Coordinators.IndexOf(durable.Owner);
        var other = (owner + 1) % durable.Coordinators.Count;
        await durable.Programs.DoneAsync(durable.Submit(500)[100]);

        var (speaker, deaf) = isOwnerDeaf ? (other, owner) : (owner, other);
        using (durable.Coordinators[speaker].MuteFor(durable.Coordinators[deaf]))
        {
            var clock = Stopwatch.StartNew();
            await durable.Programs.UntilAsync(() => durable.Coordinators.Any(coordinator => coordinator.HasExited));
            output.WriteLine($"From the loss of one direction to the end of the first coordinator: {clock.ElapsedMilliseconds} ms.");
            var all = WorkAsync(durable);
            var restarted = await StartAgainUntilAsync(durable, all);
            output.WriteLine(
                $"{restarted} coordinators ended and were started again until the batch was done, {clock.ElapsedMilliseconds} ms after.");
            await all;
        }

        var together = RequireTogetherAsync(durable);
        await StartAgainUntilAsync(durable, together);
        await together;
    }

    /// <summary>Runs earlier submitted jobs and more.</summary>
    private static async Task WorkAsync(DurableCluster durable)
    {
        durable.Submit(2_000);
        await durable.RequireAllDoneAsync();
    }

    /// <returns>The number of restarted programs.</returns>
    private static async Task<int> StartAgainUntilAsync(DurableCluster durable, Task done)
    {
        var times = 0;
        await Guard.UntilAsync(
            () =>
            {
                for (var i = 0; i < durable.Coordinators.Count; i++)
                {
                    if (!durable.Coordinators[i].HasExited)
                        continue;
                    durable.Coordinators[i] = durable.Programs.LaunchCoordinator(i, durable.Coordinators[i]);
                    times++;
                }

                return done.IsCompleted;
            },
            Guard.LongestFailover);
        return times;
    }

    /// <summary>
    /// Waits until objects created at each coordinator are found through each. Coordinators of two clusters would not know each other.
    /// </summary>
    private static async Task RequireTogetherAsync(DurableCluster durable)
    {
        var round = 0;
        await Guard.UntilAsync(() => AreTogetherAsync(durable.Programs, round++), Guard.LongestFailover);
        durable.Submit(500);
        await durable.RequireAllDoneAsync();
    }

    private static async Task<bool> AreTogetherAsync(TestCluster programs, int round)
    {
        var managers = new List<Manager>();
        try
        {
            for (var i = 0; i < 3; i++)
                managers.Add(await Manager.StartAsync(programs.AddressOf(i)));
            for (var home = 0; home < managers.Count; home++)
            {
                var queue = await managers[home].CreateQueueAsync<int>();
                await managers[home].PublishAsync($"{round}-of-{home}", queue);
                foreach (var manager in managers)
                    await (await manager.FindAsync<ManagedQueue<int>>($"{round}-of-{home}")).PutAsync(home);
            }

            return true;
        }
        catch (Exception exception) when (
            exception is CoordinatorLostException or CoordinatorUnreachableException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
        finally
        {
            foreach (var manager in managers)
                await manager.DisposeAsync();
        }
    }
}
