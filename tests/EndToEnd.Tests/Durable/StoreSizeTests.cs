using Actors.EndToEnd.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>The size of a store is limited to its waiting records and those between two snapshots (32 MiB).</summary>
public sealed class StoreSizeTests
{
    private const int Count = 60;
    private const int Size = 1_000_000;
    private const long Bound = 40_000_000;

    [LongFact]
    public async Task Rows_PoolHasRunManyJobs_HoldOnlyThoseSinceTheLastSnapshot()
    {
        using var durable = new DurablePool();
        await using var pool = await durable.OpenAsync();
        for (var i = 0; i < Count; i++)
            Assert.Equal(Size, await pool.ApplyAsync(bytes => bytes.Length, new byte[Size]).Soon());

        await IsBoundedAsync(durable.Path);
    }

    [LongFact]
    public async Task Rows_QueueHasPassedManyItems_HoldOnlyThoseSinceTheLastSnapshot()
    {
        using var durable = new DurablePool();
        await using var manager = await Manager.StartAsync();
        var queue = await manager.OpenQueueAsync<byte[]>("queue", new DurableQueueOptions { Store = new SqliteStore(durable.Path) }).Soon();
        for (var i = 0; i < Count; i++)
        {
            await queue.PutAsync(new byte[Size]).Soon();
            Assert.Equal(Size, (await queue.GetAsync().Soon()).Length);
        }

        await IsBoundedAsync(durable.Path);
    }

    /// <summary>Records that a snapshot replaces are deleted some time after it was written, so this polls.</summary>
    private static async Task IsBoundedAsync(string path) => Assert.True(
        await Waiting.Until(() => Sum(path, "message", "journal") < Bound && Sum(path, "1", "snapshot") == 1, Waiting.Guard),
        $"The store holds {Sum(path, "message", "journal"):N0} bytes of records and {Sum(path, "1", "snapshot")} snapshots.");

    private static long Sum(string path, string column, string table)
    {
        using var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // All parts of the text are constants of this test.
        command.CommandText = $"SELECT COALESCE(SUM(LENGTH({column})), 0) FROM {table}";
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}
