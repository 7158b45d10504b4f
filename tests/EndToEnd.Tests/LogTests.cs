using Actors.EndToEnd.Tests.Durable;
using Actors.EndToEnd.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.EndToEnd.Tests;

/// <summary>The log records of jobs of real pools.</summary>
public sealed class LogTests
{
    private const string Dropped = "Actors.JobContext";

    private static readonly ManualResetEventSlim JobHasEnded = new();
    private static Thread? _left;

    private readonly RecordedLogs _logs = new();

    private PoolOptions Logged => new() { LoggerFactory = _logs, Services = AddServices };

    [Fact]
    public async Task Logger_OfTheContext_WritesRecordsBeforeTheResult()
    {
        await using var own = await TestPool.StartAsync(1, Logged);

        var job = own.Pool.ApplyAsync(LogPage, 3);
        var node = await job.Soon();

        var written = Assert.Single(_logs.Events);
        Assert.Equal(
            (LogLevel.Warning, 7, "Slow", "page 3 took 1.5 s"), (written.Level, written.EventId.Id, written.EventId.Name, written.Text));
        Assert.Equal(("Actors.EndToEnd.Tests.LogTests.LogPage", "3"), (written.Category, written.Values["Page"]));
        Assert.StartsWith("System.FormatException: no page", written.Exception, StringComparison.Ordinal);
        Assert.Contains(nameof(LogPage), written.Exception, StringComparison.Ordinal);
        Assert.Equal(
            (job.Id, 1, "Actors.EndToEnd.Tests.LogTests.LogPage", node),
            (written.Scope["Job"], written.Scope["Attempt"], written.Scope["Function"], written.Scope["Node"]));
    }

    [Fact]
    public async Task Logger_OfAService_HasTheCategoryOfItsType()
    {
        await using var own = await TestPool.StartAsync(1, Logged);

        await own.Pool.With<Renderer>().ApplyAsync(static renderer => renderer.Render("invoice")).Soon();

        var written = Assert.Single(_logs.Events);
        Assert.Equal("rendered invoice", written.Text);
        Assert.EndsWith(nameof(Renderer), written.Category, StringComparison.Ordinal);
        Assert.Equal((1, "invoice"), (written.Scope["Attempt"], written.Values["Name"]));
    }

    [Fact]
    public async Task BeginScope_InAJob_IsWrittenWithItsRecordsAndEndsWithTheJob()
    {
        await using var own = await TestPool.StartAsync(1, Logged);

        await own.Pool.With<Renderer>().ApplyAsync(static renderer =>
        {
            // Never disposed: it must not apply to the next job of the worker.
            JobContext.Current!.Logger.BeginScope("{Order} of {Customer}", 17, "Ada");
            renderer.Render("invoice");
        }).Soon();
        await own.Pool.With<Renderer>().ApplyAsync(static renderer => renderer.Render("offer")).Soon();

        var (first, second) = (_logs.Events.First(), _logs.Events.Last());
        Assert.Equal(("rendered invoice", "17", "Ada"), (first.Text, first.Scope["Order"], first.Scope["Customer"]));
        Assert.Equal("rendered offer", second.Text);
        Assert.DoesNotContain("Order", second.Scope.Keys);
    }

    [Fact]
    public async Task Logger_Levels_AreThoseFromTheLeastLevel()
    {
        await using var own = await TestPool.StartAsync(1, Logged with { MinLogLevel = LogLevel.Error });

        var enabled = await own.Pool.ApplyAsync(static () =>
        {
            var logger = JobContext.Current!.Logger;
            logger.LogWarning("warning");
            logger.LogError("error");
            return (logger.IsEnabled(LogLevel.Warning), logger.IsEnabled(LogLevel.Error), logger.IsEnabled(LogLevel.None));
        }).Soon();

        Assert.Equal((false, true, false), enabled);
        Assert.Equal("error", Assert.Single(_logs.Events).Text);
    }

    [Fact]
    public async Task Logger_PoolWithoutLoggers_WritesNothing()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Services = AddServices });

        var isNone = await own.Pool.ApplyAsync(static () => ReferenceEquals(JobContext.Current!.Logger, NullLogger.Instance)).Soon();
        var isEnabled = await own.Pool.With<Renderer>().ApplyAsync(static renderer => renderer.IsEnabled).Soon();

        Assert.Equal((true, false), (isNone, isEnabled));
    }

    [Fact]
    public async Task Logger_MoreThanIsSent_IsDroppedCountedAndDoesNotBlock()
    {
        await using var own = await TestPool.StartAsync(1, Logged);

        await own.Pool.ApplyAsync(LogMany, 50_000).Soon();

        var written = _logs.Events.Count(recorded => recorded.Category != Dropped);
        var dropped = _logs.Of(Dropped).Sum(recorded => (long)recorded.Values["Count"]!);
        Assert.Equal(50_000, written + dropped);
        Assert.InRange(written, 1, 40_000);
    }

    [Fact]
    public async Task Logger_Map_HasTheChunkInScope()
    {
        await using var own = await TestPool.StartAsync(2, Logged);

        await own.Pool.MapAsync(LogItem, Enumerable.Range(0, 100), chunkSize: 10).Soon();

        Assert.Equal(Enumerable.Range(0, 100).Select(item => $"{item}"), _logs.Events.Select(recorded => recorded.Text).OrderBy(int.Parse));
        Assert.Equal(10, _logs.Events.Select(recorded => recorded.Scope["Job"]).Distinct().Count());
    }

    [Fact]
    public async Task Logger_JobIsRetried_RecordsHaveTheirAttempt()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1, Logged);

        await own.Pool.ApplyAsync(LogAndCrashOnce, file.Path).Soon();

        var last = _logs.Events.Last(recorded => recorded.Category != Dropped);
        Assert.Equal(("attempt 2", 2), (last.Text, last.Scope["Attempt"]));
    }

    [Fact]
    public async Task Logger_JobFails_RecordsArriveBeforeItsException()
    {
        await using var own = await TestPool.StartAsync(1, Logged);

        await own.Pool.ApplyAsync(LogAndThrow).Fails<FormatException>();

        Assert.Equal("before", Assert.Single(_logs.Events).Text);
    }

    [Fact]
    public async Task Logger_AfterTheEndOfTheJob_DisturbsNothing()
    {
        await using var own = await TestPool.StartAsync(1, Logged);

        var first = await own.Pool.ApplyAsync(LeaveThreadThatLogs).Soon();
        var second = await own.Pool.ApplyAsync(ReleaseThread).Soon();

        Assert.Equal(first, second);
        Assert.Empty(_logs.Events);
    }

    [Fact]
    public async Task Logger_ThatThrows_DoesNotFailTheJob()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { LoggerFactory = new ThrowingLoggers() });

        await own.Pool.ApplyAsync(LogItem, 1).Soon();
    }

    [Fact]
    public async Task Logger_DurablePool_WritesRecords()
    {
        using var durable = new DurablePool();
        await using var pool = await durable.OpenAsync(options: Logged);

        await pool.ApplyAsync(LogItem, 1).Soon();

        Assert.Equal("1", Assert.Single(_logs.Events).Text);
    }

    [Fact]
    public async Task MinLogLevel_UnknownLevel_IsRefused() => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        () => ProcessPool.StartAsync(1, options: new PoolOptions { MinLogLevel = (LogLevel)9 }));

    private static void AddServices(IServiceCollection services) => services.AddTransient<Renderer>();

    private static string LogPage(int page)
    {
        try
        {
            throw new FormatException("no page");
        }
        catch (FormatException exception)
        {
            JobContext.Current!.Logger.LogWarning(new EventId(7, "Slow"), exception, "page {Page} took {Seconds} s", page, 1.5);
        }

        return JobContext.Current.NodeName;
    }

    private static void LogMany(int count)
    {
        for (var i = 0; i < count; i++)
            JobContext.Current!.Logger.LogInformation("record {Number}", i);
    }

    private static int LogItem(int item)
    {
        JobContext.Current!.Logger.LogInformation("{Item}", item);
        return item;
    }

    private static void LogAndCrashOnce(string path)
    {
        JobContext.Current!.Logger.LogInformation("attempt {Number}", JobContext.Current.Attempt);
        if (TempFile.Count(path) == 1)
            Environment.FailFast("crash");
    }

    private static void LogAndThrow()
    {
        JobContext.Current!.Logger.LogInformation("before");
        throw new FormatException("thrown");
    }

    private static int LeaveThreadThatLogs()
    {
        var logger = JobContext.Current!.Logger;
        _left = new Thread(() =>
        {
            JobHasEnded.Wait();
            logger.LogInformation("late");
        });
        _left.Start();
        return Environment.ProcessId;
    }

    private static int ReleaseThread()
    {
        JobHasEnded.Set();
        _left!.Join();
        return Environment.ProcessId;
    }

    private sealed class Renderer(ILogger<Renderer> logger)
    {
        public bool IsEnabled => logger.IsEnabled(LogLevel.Critical);

        public void Render(string name) => logger.LogInformation("rendered {Name}", name);
    }

    private sealed class ThrowingLoggers : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => throw new ObjectDisposedException(nameof(ThrowingLoggers));

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
