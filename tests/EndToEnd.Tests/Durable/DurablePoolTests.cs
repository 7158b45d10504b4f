using Actors.EndToEnd.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Durable pools of a program's own: what they have accepted outlives the program.</summary>
public sealed class DurablePoolTests
{
    [Fact]
    public async Task Apply_ToADurablePool_GivesItsResult()
    {
        using var durable = new DurablePool();
        await using var pool = await durable.OpenAsync(2);

        Assert.Equal(42, await pool.ApplyAsync(x => x * 2, 21).Soon());
        Assert.Equal(Enumerable.Range(0, 1000).Select(x => x + 1), await pool.MapAsync(x => x + 1, Enumerable.Range(0, 1000), chunkSize: 1).Soon());
        Assert.Equal(1001, (await pool.CompleteAsync().Soon()).Succeeded);
    }

    [Fact]
    public async Task Attach_AfterThePoolWasLeft_GivesTheResultsOfItsJobs()
    {
        using var durable = new DurablePool();
        using var gate = new Gate();
        var pool = await durable.OpenAsync();
        var running = pool.ApplyAsync(Gate.Pass, gate.Port);
        var waiting = pool.ApplyAsync(x => x * 2, 21);
        (await gate.NextAsync()).Dispose();
        await pool.DisposeAsync();
        await Assert.ThrowsAsync<PoolTerminatedException>(() => waiting.Soon());

        await using var again = await durable.OpenAsync();
        Assert.Equal(2, again.LastJobId);
        using var visitor = await gate.NextAsync();
        var next = again.ApplyAsync(x => x + 1, 1);
        Assert.Equal(3, next.Id);
        var found = again.Attach<int>(waiting.Id);
        var begun = again.Attach<int>(running.Id);
        visitor.Release();

        Assert.Equal(visitor.ProcessId, await begun.Soon());
        Assert.Equal(42, await found.Soon());
        Assert.Equal(2, await next.Soon());
    }

    [Fact]
    public async Task Attach_ToAnUnknownJob_SaysSo()
    {
        using var durable = new DurablePool();
        await using var pool = await durable.OpenAsync();
        var fetched = pool.ApplyAsync(() => 1);
        Assert.Equal(1, await fetched.Soon());

        await Assert.ThrowsAsync<JobNotFoundException>(() => pool.Attach<int>(99).Soon());
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Attach<int>(0));
    }

    [Fact]
    public async Task Open_ByAnotherBuildWhileJobsWait_IsRefused()
    {
        using var durable = new DurablePool();
        using var started = new TempFile();
        using (var client = ClientProgram.StartTestClient("durable", durable.Path, started.Path))
        {
            await client.ReadProcessIdsAsync(1);
            client.Kill();
            await client.ExitAsync();
        }

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => durable.OpenAsync().Soon());

        Assert.Contains("another build", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AtMostOnce_ThatMayHaveBegun_IsLostAndNotRunAgain()
    {
        using var durable = new DurablePool();
        using var starts = new TempFile();
        using var gate = new Gate();
        var pool = await durable.OpenAsync();
        var job = pool.ApplyAsync(CountAndPass, starts.Path, gate.Port, JobOptions.AtMostOnce);
        (await gate.NextAsync()).Dispose();
        await pool.DisposeAsync();

        await using var again = await durable.OpenAsync();

        await Assert.ThrowsAsync<WorkerLostException>(() => again.Attach<int>(job.Id).Soon());
        Assert.Equal(1, starts.Lines);
    }

    [Fact]
    public async Task Attempts_BeforeThePoolWasLeft_AreCounted()
    {
        using var durable = new DurablePool();
        using var starts = new TempFile();
        using var gate = new Gate();
        var pool = await durable.OpenAsync(options: new PoolOptions { MaxAttempts = 2 });
        var job = pool.ApplyAsync(CountAndPass, starts.Path, gate.Port);
        using (var first = await gate.NextAsync())
            pool.Kill(pool.Executors.Single(executor => executor.ProcessId == first.ProcessId));
        using var second = await gate.NextAsync();
        await pool.DisposeAsync();

        await using var again = await durable.OpenAsync();
        var found = again.Attach<int>(job.Id);
        using var third = await gate.NextAsync();
        again.Kill(again.Executors.Single(executor => executor.ProcessId == third.ProcessId));

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => found.Soon());
        Assert.Equal(2, lost.Attempts);
        Assert.Equal(3, starts.Lines);
    }

    [Fact]
    public async Task Open_WhileAnotherHasIt_TakesItOver()
    {
        using var durable = new DurablePool();
        await using var first = await durable.OpenAsync();
        Assert.Equal(1, await first.ApplyAsync(() => 1).Soon());

        await using var second = await durable.OpenAsync();

        Assert.Equal(2, await second.ApplyAsync(() => 2).Soon());
        var refusal = await Assert.ThrowsAnyAsync<InvalidOperationException>(async () => await first.ApplyAsync(() => 3).Soon());
        Assert.Contains("Another program has opened", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ByAnotherProcess_FencesTheFirst()
    {
        using var durable = new DurablePool();
        using var started = new TempFile();
        await using var pool = await durable.OpenAsync();
        Assert.Equal(1, await pool.ApplyAsync(() => 1).Soon());
        using var client = ClientProgram.StartTestClient("durable", durable.Path, started.Path);
        await client.ReadProcessIdsAsync(1);

        var fenced = await Assert.ThrowsAsync<DurableStoreException>(() => pool.ApplyAsync(() => 2).Soon());

        Assert.Contains("UNIQUE", fenced.Message, StringComparison.Ordinal);
        Assert.Throws<DurableStoreException>(() => { pool.ApplyAsync(() => 3); });
    }

    [Fact]
    public async Task Complete_OfADurablePool_LeavesNothingOfIt()
    {
        using var durable = new DurablePool();
        await using (var pool = await durable.OpenAsync())
        {
            await pool.ApplyAsync(() => 1).Soon();
            Assert.Equal(1, (await pool.CompleteAsync().Soon()).Succeeded);
        }

        await using var again = await durable.OpenAsync();
        Assert.Equal(0, again.LastJobId);
        Assert.Equal(1, (await again.ApplyAsync(() => 1).Soon(), again.LastJobId).LastJobId);
    }

    [Fact]
    public async Task Start_WhereTheStoreCannotBe_SaysSo()
    {
        var options = new PoolOptions { DurableName = "pool", Store = new SqliteStore("/proc/nowhere/jobs.db") };
        var exception = await Assert.ThrowsAsync<DurableStoreException>(() => ProcessPool.StartAsync(1, options: options).Soon());
        Assert.Contains("/proc/nowhere/jobs.db", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAStoreOfALaterVersion_ChangesNothing()
    {
        using var durable = new DurablePool();
        Execute(durable.Path, "CREATE TABLE actors_store (version INTEGER NOT NULL); INSERT INTO actors_store VALUES (99)");
        SqliteConnection.ClearAllPools();
        var before = await File.ReadAllBytesAsync(durable.Path);

        var exception = await Assert.ThrowsAsync<DurableStoreException>(() => durable.OpenAsync().Soon());

        Assert.Contains("later version", exception.Message, StringComparison.Ordinal);
        SqliteConnection.ClearAllPools();
        Assert.Equal(before, await File.ReadAllBytesAsync(durable.Path));
    }

    [Fact]
    public async Task Start_WithoutAStore_SaysWhatIsMissing()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => ProcessPool.StartAsync(1, options: new PoolOptions { DurableName = "pool" }));
        Assert.Contains("SqliteStore", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => ProcessPool.StartAsync(1, options: new PoolOptions { Store = new SqliteStore("x.db") }));
    }

    private static int CountAndPass(string path, int port)
    {
        TempFile.Count(path);
        return Gate.Pass(port);
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
