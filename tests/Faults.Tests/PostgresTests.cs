using Actors.Faults.Tests.Loads;
using Actors.Faults.Tests.Primitives;
using Actors.Faults.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Faults.Tests;

/// <summary>The PostgreSQL server of a durable pool's store fails. No accepted job is lost.</summary>
[Collection(FaultGroup.Name)]
public sealed class PostgresTests(ITestOutputHelper output)
{
    /// <summary>Longer than the time limit of a command of the connection, which is 20 s.</summary>
    private static readonly TimeSpan FreezeTime = TimeSpan.FromSeconds(25);

    [FaultFact(Primitive.Postgres)]
    public async Task Server_KilledAndRestarted_EachJobEndsOnce()
    {
        using var server = new PostgresServer();
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan { PostgresFile = server.ConnectionFile });
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        for (var round = 1; round <= 3; round++)
        {
            server.Kill();
            await cluster.UntilSaidAsync("durable pool 'pool': cannot continue here", round);
            server.Start();
            await load.NextAsync();
        }

        output.WriteLine(await load.FinishAsync());
    }

    [FaultFact(Primitive.Postgres)]
    public async Task Server_Frozen_EachJobEndsOnce()
    {
        using var server = new PostgresServer();
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan { PostgresFile = server.ConnectionFile });
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        server.Freeze();
        await Task.Delay(FreezeTime);
        server.Thaw();
        await load.NextAsync();

        output.WriteLine(await load.FinishAsync());
    }
}
