using System.Globalization;
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
        using var first = await gate.NextAsync();
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
    public async Task Attach_ToAJobThatHasEndedSinceThePoolWasOpened_GivesItsResult()
    {
        using var durable = new DurablePool();
        using var gate = new Gate();
        var pool = await durable.OpenAsync();
        var job = pool.ApplyAsync(Gate.Pass, gate.Port);
        using var first = await gate.NextAsync();
        await pool.DisposeAsync();

        await using var again = await durable.OpenAsync();
        using var visitor = await gate.NextAsync();
        visitor.Release();
        // Its only process runs one after the other.
        Assert.Equal(2, await again.ApplyAsync(x => x + 1, 1).Soon());

        Assert.Equal(visitor.ProcessId, await again.Attach<int>(job.Id).Soon());
    }

    [Fact]
    public async Task Attach_ToAClosedPoolWhoseJobsHaveAllEnded_GivesEachResult()
    {
        using var durable = new DurablePool();
        using var gate = new Gate();
        var pool = await durable.OpenAsync();
        var jobs = new[] { pool.ApplyAsync(Gate.Pass, gate.Port), pool.ApplyAsync(Gate.Pass, gate.Port) };
        pool.Close();
        using var first = await gate.NextAsync();
        await pool.DisposeAsync();
        await Assert.ThrowsAsync<PoolTerminatedException>(() => jobs[1].Soon());

        await using var again = await durable.OpenAsync();
        Assert.Throws<InvalidOperationException>(() => { again.ApplyAsync(() => 1); });
        var last = again.Attach<int>(jobs[1].Id);
        foreach (var _ in jobs)
        {
            using var visitor = await gate.NextAsync();
            visitor.Release();
        }

        var processId = await last.Soon();

        // Nobody waited for this one when it ended, and the pool has nothing else to do.
        Assert.Equal(processId, await again.Attach<int>(jobs[0].Id).Soon());
        Assert.Equal(2, (await again.CompleteAsync().Soon()).Succeeded);
    }

    /// <summary>They gather here while the first of them is on its way.</summary>
    [Fact]
    public async Task Leave_RightBehindManyJobs_LosesNone()
    {
        const int Jobs = 1000;
        using var durable = new DurablePool();
        var pool = await durable.OpenAsync();
        var ids = Enumerable.Range(0, Jobs).Select(x => pool.ApplyAsync(y => y + 1, x).Id).ToList();
        await pool.DisposeAsync();

        await using var again = await durable.OpenAsync();

        Assert.Equal(Jobs, again.LastJobId);
        Assert.Equal(Jobs, await again.Attach<int>(ids[^1]).Soon());
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

    /// <summary>It is the number of the next.</summary>
    [Fact]
    public async Task Attach_ToAJobThatIsNotSubmittedYet_TakesNothingFromIt()
    {
        using var durable = new DurablePool();
        await using var pool = await durable.OpenAsync();

        var before = pool.Attach<int>(1);

        Assert.Equal(42, await pool.ApplyAsync(x => x * 2, 21).Soon());
        await Assert.ThrowsAsync<JobNotFoundException>(() => before.Soon());
    }

    [Fact]
    public async Task Attach_ToAPoolThatWasLeft_SaysSo()
    {
        using var durable = new DurablePool();
        var pool = await durable.OpenAsync();
        Assert.Equal(1, await pool.ApplyAsync(() => 1).Soon());
        await pool.DisposeAsync();

        Assert.Throws<InvalidOperationException>(() => { pool.Attach<int>(1); });
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
        using var first = await gate.NextAsync();
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
            pool.Kill(pool.Workers.Single(executor => executor.ProcessId == first.ProcessId));
        using var second = await gate.NextAsync();
        await pool.DisposeAsync();

        await using var again = await durable.OpenAsync();
        var found = again.Attach<int>(job.Id);
        using var third = await gate.NextAsync();
        again.Kill(again.Workers.Single(executor => executor.ProcessId == third.ProcessId));

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
    public async Task Leave_WhatAnotherHasTakenOver_LeavesItToThat()
    {
        using var durable = new DurablePool();
        var first = await durable.OpenAsync();
        await using var second = await durable.OpenAsync();

        await first.DisposeAsync();

        Assert.Equal(2, await second.ApplyAsync(() => 2).Soon());
    }

    [LongFact]
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

    [LongFact]
    public async Task Submit_WhereTheDiskIsFull_IsRefusedAndLosesNothing()
    {
        using var durable = new DurablePool();
        using var release = new TempFile();
        int ended;
        using (var client = ClientProgram.StartTestClient("full-pool", durable.Path, release.Path))
        {
            ended = await NumberAsync(client);
            Assert.StartsWith("DurableStoreException: ", await client.Output.ReadLineAsync().Soon(), StringComparison.Ordinal);
            await client.ExitAsync();
        }

        await File.WriteAllTextAsync(release.Path, "");
        using var again = ClientProgram.StartTestClient("full-pool", durable.Path, release.Path);

        Assert.True(ended > 1);
        // The first job is one of them; of the one that was refused it is not known whether it was written.
        Assert.InRange(await NumberAsync(again), 1 + ended, 2 + ended);
        Assert.Equal("42", await again.Output.ReadLineAsync().Soon());
        await again.ExitAsync();
    }

    [Fact]
    public async Task Start_WherePostgresRefusesConnections_SaysSoSoon()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var store = new PostgresStore($"Host=127.0.0.1;Port={port};Username=actors;Password=none;Database=actors");

        var start = ProcessPool.StartAsync(1, options: new PoolOptions { DurableName = "pool", Store = store });

        var exception = await Assert.ThrowsAsync<DurableStoreException>(() => start.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains($"127.0.0.1:{port}", exception.Message, StringComparison.Ordinal);
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

    private static async Task<int> NumberAsync(ClientProgram client) =>
        int.Parse(await client.Output.ReadLineAsync().Soon() ?? await client.Error.ReadToEndAsync().Soon(), CultureInfo.InvariantCulture);

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
