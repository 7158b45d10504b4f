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

    /// <summary>Deleted records do not count, although the tables do not shrink.</summary>
    [FaultFact(Primitive.Postgres)]
    public async Task MeasureSize_RecordsAreAddedAndDeleted_FollowsThem()
    {
        using var server = new PostgresServer();
        var store = new PostgresStore(await File.ReadAllTextAsync(server.ConnectionFile));
        store.PrepareStore();
        Assert.Equal(0, store.MeasureSize());

        server.Execute(
            "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) "
            + "SELECT 0, false, 'p', n, decode(repeat('00', 1000000), 'hex') FROM generate_series(1, 5) n");
        server.Execute("INSERT INTO snapshot VALUES ('p', 1, 0, decode(repeat('00', 1000000), 'hex'))");
        Assert.Equal(6_000_000, store.MeasureSize());
        server.Execute("DELETE FROM journal");
        Assert.Equal(1_000_000, store.MeasureSize());
    }
}
