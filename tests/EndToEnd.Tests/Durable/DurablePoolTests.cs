using System.Globalization;
using Actors.EndToEnd.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Accepted jobs of a local durable pool outlive the program.</summary>
public sealed class DurablePoolTests
{
    [Fact]
    public async Task Apply_DurablePool_ReturnsItsResult()
    {
        using var durable = new DurablePool();
        await using var pool = await durable.OpenAsync(2);

        Assert.Equal(42, await pool.ApplyAsync(x => x * 2, 21).Soon());
        Assert.Equal(
            Enumerable.Range(0, 1000).Select(x => x + 1), await pool.MapAsync(x => x + 1, Enumerable.Range(0, 1000), chunkSize: 1).Soon());
        Assert.Equal(1001, (await pool.CompleteAsync().Soon()).Succeeded);
    }

    [Fact]
    public async Task Attach_PoolIsReopened_ReturnsResultsOfItsJobs()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        var pool = await durable.OpenAsync();
        var running = pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        var waiting = pool.ApplyAsync(x => x * 2, 21);
        using var first = await checkpoint.NextAsync();
        await pool.DisposeAsync();
        await Assert.ThrowsAsync<PoolTerminatedException>(() => waiting.Soon());

        await using var again = await durable.OpenAsync();
        Assert.Equal(0, again.LastJobId);
        using var held = await checkpoint.NextAsync();
        var next = await again.SubmitAsync(x => x + 1, 1).Soon();
        Assert.Equal(next.Id, again.LastJobId);
        Assert.DoesNotContain(next.Id, new[] { waiting.Id, running.Id });
        var found = again.Attach<int>(waiting.Id);
        var begun = again.Attach<int>(running.Id);
        held.Release();

        Assert.Equal(held.ProcessId, await begun.Soon());
        Assert.Equal(42, await found.Soon());
        Assert.Equal(2, await next.Soon());
    }

    [Fact]
    public async Task Attach_JobEndedSinceThePoolWasOpened_ReturnsItsResult()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        var pool = await durable.OpenAsync();
        var job = pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var first = await checkpoint.NextAsync();
        await pool.DisposeAsync();

        await using var again = await durable.OpenAsync();
        using var held = await checkpoint.NextAsync();
        held.Release();
        // The only worker runs its jobs one after the other.
        Assert.Equal(2, await again.ApplyAsync(x => x + 1, 1).Soon());

        Assert.Equal(held.ProcessId, await again.Attach<int>(job.Id).Soon());
    }

    [Fact]
    public async Task Attach_ClosedPoolWhoseJobsHaveAllEnded_ReturnsEachResult()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        var pool = await durable.OpenAsync();
        var jobs = new[] { pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port), pool.ApplyAsync(
            Checkpoint.ReportAndWait, checkpoint.Port) };
        using var first = await checkpoint.NextAsync();
        Assert.True(await durable.CloseAsync().Soon());
        await Assert.ThrowsAsync<InvalidOperationException>(() => pool.ApplyAsync(() => 1).Soon());
        await pool.DisposeAsync();
        await Assert.ThrowsAsync<PoolTerminatedException>(() => jobs[1].Soon());

        await using var again = await durable.OpenAsync();
        Assert.Throws<InvalidOperationException>(() => { again.ApplyAsync(() => 1); });
        var last = again.Attach<int>(jobs[1].Id);
        foreach (var _ in jobs)
        {
            using var held = await checkpoint.NextAsync();
            held.Release();
        }

        var processId = await last.Soon();

        // No caller waited for this job when it ended, and the pool has no other job.
        Assert.Equal(processId, await again.Attach<int>(jobs[0].Id).Soon());
        Assert.Equal(2, (await again.CompleteAsync().Soon()).Succeeded);
    }

    /// <summary>Later jobs collect in the client while the first message is under way.</summary>
    [Fact]
    public async Task Leave_ImmediatelyAfterManySubmissions_LosesNoJob()
    {
        const int Jobs = 1000;
        using var durable = new DurablePool();
        var pool = await durable.OpenAsync();
        var jobs = Enumerable.Range(0, Jobs).Select(x => pool.ApplyAsync(y => y + 1, x)).ToList();
        await pool.DisposeAsync();

        await using var again = await durable.OpenAsync();

        Assert.Equal(Jobs, pool.LastJobId);
        Assert.Equal(Jobs, await again.Attach<int>(jobs[^1].Id).Soon());
    }

    [Fact]
    public async Task Attach_UnknownJob_ThrowsUnknownJob()
    {
        using var durable = new DurablePool();
        await using var pool = await durable.OpenAsync();
        var fetched = pool.ApplyAsync(() => 1);
        Assert.Equal(1, await fetched.Soon());

        await Assert.ThrowsAsync<JobNotFoundException>(() => pool.Attach<int>(99).Soon());
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Attach<int>(0));
    }

    /// <summary>The unknown id equals the id of the next submitted job.</summary>
    [Fact]
    public async Task Attach_IdOfTheNextJob_DoesNotAffectThatJob()
    {
        using var durable = new DurablePool();
        await using var pool = await durable.OpenAsync();

        var before = pool.Attach<int>(1);

        Assert.Equal(42, await pool.ApplyAsync(x => x * 2, 21).Soon());
        await Assert.ThrowsAsync<JobNotFoundException>(() => before.Soon());
    }

    [Fact]
    public async Task Attach_PoolWasLeft_Throws()
    {
        using var durable = new DurablePool();
        var pool = await durable.OpenAsync();
        Assert.Equal(1, await pool.ApplyAsync(() => 1).Soon());
        await pool.DisposeAsync();

        Assert.Throws<InvalidOperationException>(() => { pool.Attach<int>(1); });
    }

    /// <summary>The code of the other build is not here: its jobs wait for a program of that build.</summary>
    [LongFact]
    public async Task Open_JobsOfAnotherBuildWait_RunsItsOwnJobs()
    {
        using var durable = new DurablePool();
        using var started = new TempFile();
        using (var client = ClientProgram.StartTestClient("durable", durable.Path, started.Path))
        {
            await client.ReadProcessIdsAsync(1);
            client.Kill();
            await client.ExitAsync();
        }

        await using var pool = await durable.OpenAsync();

        Assert.Equal(42, await pool.ApplyAsync(x => x * 2, 21).Soon());
        Assert.Equal(1, (await pool.CompleteAsync().Soon()).Succeeded);
    }

    [Fact]
    public async Task AtMostOnce_JobMayHaveBegun_IsLostAndNotRetried()
    {
        using var durable = new DurablePool();
        using var starts = new TempFile();
        using var checkpoint = new Checkpoint();
        var pool = await durable.OpenAsync();
        var job = pool.ApplyAsync(CountAndPass, starts.Path, checkpoint.Port, JobOptions.AtMostOnce);
        using var first = await checkpoint.NextAsync();
        await pool.DisposeAsync();

        await using var again = await durable.OpenAsync();

        await Assert.ThrowsAsync<WorkerLostException>(() => again.Attach<int>(job.Id).Soon());
        Assert.Equal(1, starts.Lines);
    }

    [Fact]
    public async Task Attempts_PoolIsReopened_IncludeEarlierAttempts()
    {
        using var durable = new DurablePool();
        using var starts = new TempFile();
        using var checkpoint = new Checkpoint();
        var pool = await durable.OpenAsync(options: new PoolOptions { MaxAttempts = 2 });
        var job = pool.ApplyAsync(CountAndPass, starts.Path, checkpoint.Port);
        using (var first = await checkpoint.NextAsync())
            pool.Kill(pool.Workers.Single(worker => worker.ProcessId == first.ProcessId));
        using var second = await checkpoint.NextAsync();
        await pool.DisposeAsync();

        await using var again = await durable.OpenAsync();
        var found = again.Attach<int>(job.Id);
        using var third = await checkpoint.NextAsync();
        again.Kill(again.Workers.Single(worker => worker.ProcessId == third.ProcessId));

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => found.Soon());
        Assert.Equal(2, lost.Attempts);
        Assert.Equal(3, starts.Lines);
    }

    /// <summary>A store without a coordinator serves one program at a time.</summary>
    [LongFact]
    public async Task Open_PoolIsOpenInAnotherProcess_ThrowsAndTheFirstContinues()
    {
        using var durable = new DurablePool();
        using var started = new TempFile();
        var environment = new Dictionary<string, string> { ["TMPDIR"] = Path.GetTempPath() };
        using (var client = ClientProgram.StartTestClient(environment, "durable", durable.Path, started.Path))
        {
            Assert.NotNull(await client.Output.ReadLineAsync().Soon());

            var refused = await Assert.ThrowsAsync<DurableStoreException>(() => durable.OpenAsync().Soon());

            Assert.Contains("open in another program", refused.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<DurableStoreException>(
                () => new DurableJobs("pool", store: new SqliteStore(durable.Path)).ListAsync().Soon());
            client.Kill();
        }

        await using var pool = await durable.OpenAsync();
        Assert.Equal(1, await pool.ApplyAsync(() => 1).Soon());
    }

    /// <summary>Programs in different containers do not see each other.</summary>
    [LongFact]
    public async Task Open_ProcessWithAnotherTemporaryDirectory_TakesThePoolOver()
    {
        using var durable = new DurablePool();
        using var started = new TempFile();
        await using var pool = await durable.OpenAsync();
        Assert.Equal(1, await pool.ApplyAsync(() => 1).Soon());
        using var client = ClientProgram.StartTestClient("durable", durable.Path, started.Path);
        Assert.NotNull(await client.Output.ReadLineAsync().Soon());

        var fenced = await Assert.ThrowsAsync<DurableStoreException>(() => pool.ApplyAsync(() => 2).Soon());

        Assert.Contains("was opened by another program", fenced.Message, StringComparison.Ordinal);
        Assert.Throws<DurableStoreException>(() => { pool.ApplyAsync(() => 3); });
    }

    [LongFact]
    public async Task Submit_DiskIsFull_IsRefusedAndLosesNoJob()
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
        Assert.Equal("42", await again.Output.ReadLineAsync().Soon());
        await again.ExitAsync();
    }

    [Fact]
    public async Task Start_PostgresRefusesConnections_ThrowsSoon()
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
    public async Task Start_StorePathIsInvalid_Throws()
    {
        var options = new PoolOptions { DurableName = "pool", Store = new SqliteStore("/proc/nowhere/jobs.db") };
        var exception = await Assert.ThrowsAsync<DurableStoreException>(() => ProcessPool.StartAsync(1, options: options).Soon());
        Assert.Contains("/proc/nowhere/jobs.db", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_StoreOfALaterVersion_ThrowsAndChangesNothing()
    {
        using var durable = new DurablePool();
        Execute(durable.Path, "CREATE TABLE actors_store (version INTEGER NOT NULL); INSERT INTO actors_store VALUES (99)");
        SqliteConnection.ClearAllPools();
        var before = await File.ReadAllBytesAsync(durable.Path);

        var exception = await Assert.ThrowsAsync<DurableStoreException>(() => durable.OpenAsync().Soon());

        Assert.Contains("newer version", exception.Message, StringComparison.Ordinal);
        SqliteConnection.ClearAllPools();
        Assert.Equal(before, await File.ReadAllBytesAsync(durable.Path));
    }

    [Fact]
    public async Task Start_WithoutAStore_NamesTheMissingOption()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(
            () => ProcessPool.StartAsync(1, options: new PoolOptions { DurableName = "pool" }));
        Assert.Contains("SqliteStore", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(
            () => ProcessPool.StartAsync(1, options: new PoolOptions { Store = new SqliteStore("x.db") }));
    }

    private static async Task<int> NumberAsync(ClientProgram client) =>
        int.Parse(await client.Output.ReadLineAsync().Soon() ?? await client.Error.ReadToEndAsync().Soon(), CultureInfo.InvariantCulture);

    private static int CountAndPass(string path, int port)
    {
        TempFile.Count(path);
        return Checkpoint.ReportAndWait(port);
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
