using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Actors.Cluster.Tests.Programs;
using Actors.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting.Tests;

public sealed class HostedPoolTests
{
    private readonly LogLines _log = new();

    [Fact]
    public async Task Host_StartedAndStopped_RunsEverySubmittedJob()
    {
        using var host = Build(builder =>
        {
            builder.AddActorsPool("reports", o => o.Processes = 1);
            builder.Services.AddHostedService<Submitter>();
        });

        await host.StartAsync();
        var pool = host.Services.GetRequiredKeyedService<ProcessPool>("reports");
        var job = host.Services.GetServices<IHostedService>().OfType<Submitter>().Single().Job!;
        await host.StopAsync();

        Assert.Same(pool, host.Services.GetRequiredService<ProcessPool>());
        Assert.True(job.IsSuccessful);
        Assert.NotEqual(Environment.ProcessId, await job);
        Assert.Contains(_log.Lines, line => line.Text.StartsWith("Pool 'reports' is open at this machine.", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.Text.StartsWith("Pool 'reports' is closed. 1 job: 1 succeeded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StopAsync_JobsExceedTheShutdownTime_DropsAndLogsThemOnce()
    {
        var host = Build(builder =>
        {
            builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(50));
            builder.AddActorsPool("reports", o => o.Processes = 1);
        });

        await host.StartAsync();
        var job = host.Services.GetRequiredKeyedService<ProcessPool>("reports").ApplyAsync(WaitForever);
        await host.StopAsync();

        await Assert.ThrowsAsync<PoolTerminatedException>(async () => await job);
        host.Dispose();
        var warning = Assert.Single(_log.Lines, line => line.Id == 4);
        Assert.DoesNotContain(_log.Lines, line => line.Text.Contains("disposed with 1 unfinished", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.StartsWith("Pool 'reports' had 1 unfinished jobs at the end of the shutdown time", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestPool_RegisteredForTheName_TakesThePlaceOfThePool()
    {
        await using var pool = TestPool.Manual();
        using var host = Build(builder =>
        {
            builder.AddActorsPool("reports", o => o.ConnectionString = "nowhere:1;Tls=no/directory;KeyFile=no/file");
            builder.Services.AddKeyedSingleton<ProcessPool>("reports", pool);
            builder.Services.AddHostedService<Submitter>();
        });

        await host.StartAsync();
        await pool.DrainAsync();
        await host.StopAsync();

        pool.AssertSubmitted(Submitter.ProcessId, times: 1);
        // The host has not closed it.
        var after = pool.ApplyAsync(() => 3);
        await pool.DrainAsync();
        Assert.Equal(3, await after);
    }

    [Fact]
    public async Task Health_PoolIsOpenThenFails_IsHealthyThenUnhealthy()
    {
        using var host = Build(builder =>
        {
            builder.AddActorsPool("good", o => o.Processes = 1);
            builder.AddActorsPool("bad", o =>
            {
                o.Processes = 1;
                o.Pool = o.Pool with { Initializer = PoolInitializer.Of(Fail) };
            });
        });
        var health = host.Services.GetRequiredService<HealthCheckService>();
        var before = await health.CheckHealthAsync();

        await host.StartAsync();
        await Assert.ThrowsAsync<PoolFailedException>(
            async () => await host.Services.GetRequiredKeyedService<ProcessPool>("bad").ApplyAsync(() => 1));
        var after = await health.CheckHealthAsync();

        Assert.Equal("The pool is not open.", before.Entries["actors-good"].Description);
        Assert.Equal(HealthStatus.Unhealthy, before.Status);
        Assert.Equal(HealthStatus.Healthy, after.Entries["actors-good"].Status);
        Assert.Equal(HealthStatus.Unhealthy, after.Entries["actors-bad"].Status);
        Assert.Contains("no license", after.Entries["actors-bad"].Description, StringComparison.Ordinal);
        Assert.EndsWith("restart the program.", after.Entries["actors-bad"].Description, StringComparison.Ordinal);
        await _log.AwaitEventAsync(7);
        var failed = Assert.Single(_log.Lines, line => line.Id == 7);
        Assert.Equal((LogLevel.Error, "Pool 'bad' has failed, and the host does not open it again: restart the program."),
            (failed.Level, failed.Text));
        await host.StopAsync();
        Assert.Contains(_log.Lines, line => line is { Level: LogLevel.Error, Text: "Pool 'bad' failed before the shutdown." });
    }

    /// <summary>The constructor of a service waits for the pool, and the coordinator does not answer.</summary>
    [Fact]
    public async Task StartAsync_StoppedWhileThePoolIsOpened_IsCanceledAtOnce()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var host = Build(builder =>
        {
            builder.AddActorsPool("reports", o => o.ConnectionString = $"{silent.LocalEndpoint}");
            builder.Services.AddHostedService<Submitter>();
        });

        var starting = Task.Run(() => host.StartAsync());
        using var opening = await silent.AcceptTcpClientAsync();
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        // Long before the coordinator is given up.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(TimeSpan.FromSeconds(15)));
    }

    [Fact]
    public async Task StopAsync_DurablePoolOnThisMachine_LogsThatItsJobsWait()
    {
        var folder = Directory.CreateTempSubdirectory("actors-hosting-");
        using var host = Build(builder => builder.AddActorsPool("reports", o =>
        {
            o.Processes = 1;
            o.Pool = o.Pool with { DurableName = "reports", Store = new SqliteStore(Path.Combine(folder.FullName, "jobs.db")) };
        }));

        await host.StartAsync();
        await host.StopAsync();
        folder.Delete(recursive: true);

        Assert.Equal(
            "Pool 'reports' is detached: its accepted jobs are stored, and continue when a program opens it again.",
            Assert.Single(_log.Lines, line => line.Id == 6).Text);
    }

    [Fact]
    public async Task StopAsync_JobFailedUnobserved_LogsIt()
    {
        using var host = Build(builder => builder.AddActorsPool("reports", o => o.Processes = 1));
        await host.StartAsync();
        _ = host.Services.GetRequiredKeyedService<ProcessPool>("reports").ApplyAsync(Fail);

        await host.StopAsync();

        // Hosts of other tests share the messages of the process.
        var warning = Assert.Single(_log.Lines, line => line.Id == 14 && line.Text.Contains($".{nameof(Fail)}", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.StartsWith("ProcessPool: Job 1 (", warning.Text, StringComparison.Ordinal);
        Assert.Contains("failed and the failure was never observed.", warning.Text, StringComparison.Ordinal);
        Assert.Equal("no license", Assert.IsType<InvalidOperationException>(warning.Exception).Message);
    }

    /// <summary>A hosted pool lives as long as the program: its end would be too late.</summary>
    [Fact]
    public async Task ApplyAsync_FailedJobsAreForgotten_LogsEachWhileThePoolRuns()
    {
        using var host = Build(builder => builder.AddActorsPool("reports", o => o.Processes = 1));
        await host.StartAsync();
        var pool = host.Services.GetRequiredKeyedService<ProcessPool>("reports");
        ForgetJobs(pool, 3);

        // The job after them ends after them.
        await pool.ApplyAsync(() => 1);
        await Guard.UntilAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return FindForgotten().Count == 3;
        });

        Assert.Equal(3, FindForgotten().Select(line => line.Text).Distinct().Count());
        Assert.All(FindForgotten(), line => Assert.Equal("forgotten", Assert.IsType<InvalidOperationException>(line.Exception).Message));
        await host.StopAsync();
        Assert.Equal(3, FindForgotten().Count);

        List<(LogLevel Level, int Id, string Text, Exception? Exception)> FindForgotten() =>
            [.. _log.Lines.Where(line => line.Id == 14 && line.Text.Contains($".{nameof(FailForgotten)})", StringComparison.Ordinal))];
    }

    /// <summary>The services are disposed in the reverse order of their creation, so the log outlives the pool.</summary>
    [Fact]
    public async Task Dispose_PoolHasUnfinishedJobs_LogsThem()
    {
        var host = Build(builder => builder.AddActorsPool("reports", o => o.Processes = 1));
        await host.StartAsync();
        var pool = host.Services.GetRequiredKeyedService<ProcessPool>("reports");
        _ = Enumerable.Range(0, 7).Select(_ => pool.ApplyAsync(WaitForever)).ToList();

        host.Dispose();

        Assert.Single(
            _log.Lines,
            line => line.Id == 15 && line.Text.StartsWith("ProcessPool: disposed with 7 unfinished", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Callback_Throws_IsLogged()
    {
        using var host = Build(builder => builder.AddActorsPool("reports", o => o.Processes = 1));
        await host.StartAsync();

        await host.Services.GetRequiredKeyedService<ProcessPool>("reports")
            .ApplyAsync(() => 1, new JobOptions().WithCallback<int>(_ => throw new InvalidOperationException("deaf")));
        await host.StopAsync();

        var warning = Assert.Single(_log.Lines, line => line.Id == 17 && line.Exception?.Message == "deaf");
        Assert.Equal("ProcessPool: a callback threw; the pool continues.", warning.Text);
    }

    [Theory]
    [InlineData("reports")]
    [InlineData("Reports")]
    public void AddPool_NameTwice_IsRefused(string again)
    {
        var actors = new ServiceCollection().AddActors().AddPool("reports");

        var exception = Assert.Throws<InvalidOperationException>(() => actors.AddPool(again));

        Assert.Contains($"'{again}' was added before", exception.Message, StringComparison.Ordinal);
    }

    private IHost Build(Action<HostApplicationBuilder> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(_log);
        add(builder);
        return builder.Build();
    }

    private static void WaitForever() => new ManualResetEventSlim().Wait();

    /// <summary>Not inlined: no local variable of the test keeps a handle.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ForgetJobs(ProcessPool pool, int count)
    {
        for (var i = 0; i < count; i++)
            _ = pool.ApplyAsync(FailForgotten);
    }

    private static int FailForgotten() => throw new InvalidOperationException("forgotten");

    private static void Fail() => throw new InvalidOperationException("no license");

    /// <summary>Takes the pool in its constructor, before the host starts any service, and submits a job without awaiting it.</summary>
    private sealed class Submitter([FromKeyedServices("reports")] ProcessPool pool) : IHostedService
    {
        public JobHandle<int>? Job { get; private set; }

        public static int ProcessId() => Environment.ProcessId;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Job = pool.ApplyAsync(ProcessId, cancellationToken: CancellationToken.None);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
