using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Actors.Testing.Tests;

public sealed class JobContextTests
{
    private static readonly PoolOptions Named = new() { Name = "tested" };

    [Fact]
    public async Task Current_Inline_DescribesTheJob()
    {
        await using var pool = TestPool.Inline(options: Named);

        var job = pool.ApplyAsync(Describe, JobContext.Placeholder);

        Assert.Equal($"{job.Id} 1 tested Actors.Testing.Tests.JobContextTests.Describe True", await job);
        Assert.Null(JobContext.Current);
    }

    [Fact]
    public async Task Current_NestedInlineJob_IsThatOfEachJob()
    {
        await using var pool = TestPool.Inline();
        Nested.Value = pool;

        var (before, nested, after) = await pool.ApplyAsync(SubmitNested);

        Assert.Equal((1L, 2L, 1L), (before, nested, after));
    }

    [Fact]
    public async Task Attempt_WorkerLostInSimulation_CountsAndKeepsTheToken()
    {
        var tokens = new List<string>();
        Tokens.Value = tokens;
        var histories = new List<int>();
        Histories.Value = histories;
        var plan = FaultPlan.Create(3).Add(FaultTrigger.OnJob(1), Fault.Kill(FaultMoment.AfterJob));
        await using var pool = TestPool.Simulated(3, plan: plan);

        Assert.Equal(2, await pool.ApplyAsync(RecordToken));

        Assert.Equal(2, tokens.Count);
        Assert.Single(tokens.Distinct());
        Assert.Equal([0, 1], histories);
    }

    [Fact]
    public async Task Deadline_ManualPool_IsInVirtualTime()
    {
        await using var pool = TestPool.Manual();
        var job = pool.ApplyAsync(static () => JobContext.Current!.Deadline!.Value, new JobOptions { Timeout = TimeSpan.FromHours(2) });
        await pool.DrainAsync();

        Assert.Equal(pool.Clock.GetUtcNow().AddHours(2), await job);
    }

    [Theory]
    [InlineData(TestPoolMode.Manual)]
    [InlineData(TestPoolMode.Simulated)]
    public async Task CancelOn_Timeout_CancelsTheJobInVirtualTime(TestPoolMode mode)
    {
        var reasons = new List<JobCancellationReason?>();
        Reasons.Value = reasons;
        var options = new PoolOptions { CancelOn = CancellationTriggers.Timeout, CancellationGrace = TimeSpan.FromMinutes(1) };
        await using var pool = StartPool(mode, options);
        var job = pool.ApplyAsync(WaitForCancellationAsync, new JobOptions { Timeout = TimeSpan.FromHours(2) });
        if (mode == TestPoolMode.Manual)
            await pool.DrainAsync();

        var exception = await Assert.ThrowsAsync<JobTimedOutException>(async () => await job);

        Assert.Contains("It was canceled when it ran over its timeout.", exception.Message, StringComparison.Ordinal);
        Assert.Equal([JobCancellationReason.Timeout], reasons);
        Assert.InRange(((VirtualClock)pool.Clock).Elapsed, TimeSpan.FromHours(2), TimeSpan.FromHours(2) + TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Services_PoolInMemory_HaveAScopeForEachJob(bool isSimulated)
    {
        var options = new PoolOptions { Services = AddCounter };
        await using var pool = isSimulated ? TestPool.Simulated(5, processes: 1, options) : TestPool.Inline(options: options);

        var first = await pool.With<Counter>().ApplyAsync(static counter => ++counter.Value);
        var second = await pool.With<Counter>().ApplyAsync(static counter => ++counter.Value);

        Assert.Equal((1, 1), (first, second));
        Assert.Equal(2, pool.Submitted.Count);
    }

    [Theory]
    [InlineData(TestPoolMode.Inline)]
    [InlineData(TestPoolMode.Manual)]
    [InlineData(TestPoolMode.Simulated)]
    public async Task GetState_PoolInMemory_IsThatOfTheWorkerUntilItsEnd(TestPoolMode mode)
    {
        var test = $"{Guid.NewGuid()}";
        var options = new PoolOptions
        {
            Initializer = PoolInitializer.Of(Recorded.AddStep, test, "initializer"),
            State = StateFactory.Of(() => Recorded.CreateAsync(test)),
        };
        await using (var pool = StartPool(mode, options))
        {
            var jobs = new[] { pool.ApplyAsync(CountInState), pool.ApplyAsync(CountInState) };
            if (mode == TestPoolMode.Manual)
                await pool.DrainAsync();

            var counts = await Task.WhenAll(jobs.Select(job => job.Task));

            Assert.Equal([1, 2], counts);
            await pool.CompleteAsync();
        }

        Assert.Equal(["initializer", "created", "disposed"], Recorded.Steps[test]);
    }

    [Theory]
    [InlineData(TestPoolMode.Inline)]
    [InlineData(TestPoolMode.Simulated)]
    public async Task State_FactoryThrows_FailsThePool(TestPoolMode mode)
    {
        await using var pool = StartPool(mode, new PoolOptions { State = StateFactory.Of(ThrowFormat) });

        var failure = await Assert.ThrowsAsync<PoolFailedException>(async () => await pool.ApplyAsync(CountInState));

        Assert.StartsWith("no model", Assert.IsType<FormatException>(failure.InnerException).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TestPoolMode.Inline)]
    [InlineData(TestPoolMode.Manual)]
    [InlineData(TestPoolMode.Simulated)]
    public async Task Logger_PoolInMemory_WritesRecordsWithTheJobInScope(TestPoolMode mode)
    {
        var logs = new RecordedLogs();
        await using var pool = StartPool(mode, new PoolOptions { LoggerFactory = logs });
        var job = pool.ApplyAsync(LogText, "hello");
        if (mode == TestPoolMode.Manual)
            await pool.DrainAsync();

        await job;

        var written = Assert.Single(logs.Events);
        Assert.Equal(("said hello", job.Id, 1), (written.Text, written.Scope["Job"], written.Scope["Attempt"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Progress_PoolInMemory_LastValueArrivesBeforeTheResult(bool isSimulated)
    {
        var received = new List<int>();
        await using var pool = isSimulated ? TestPool.Simulated(5) : TestPool.Inline();

        await pool.ApplyAsync(CountTo, 50, (IProgress<int>)new Receiver(received));

        Assert.Equal(50, received[^1]);
        pool.AssertSubmitted(CountTo, call => call.Get<int>(0) == 50);
    }

    [Fact]
    public async Task ItemIndex_Map_IsThatOfEachItem()
    {
        await using var pool = TestPool.Inline();

        var indices = await pool.MapAsync(static _ => JobContext.Current!.ItemIndex!.Value, new int[5], chunkSize: 2);

        Assert.Equal([0L, 1, 2, 3, 4], indices);
    }

    private static TestPool StartPool(TestPoolMode mode, PoolOptions options) => mode switch
    {
        TestPoolMode.Inline => TestPool.Inline(options: options),
        TestPoolMode.Manual => TestPool.Manual(options: options),
        _ => TestPool.Simulated(5, processes: 1, options),
    };

    private static void LogText(string text) => JobContext.Current!.Logger.LogInformation("said {Text}", text);

    private static int CountInState() => ++JobContext.Current!.GetState<Recorded>().Count;

    private static Recorded ThrowFormat() => throw new FormatException("no model");

    private static void AddCounter(IServiceCollection services) => services.AddScoped<Counter>();

    private static void CountTo(int count, IProgress<int> progress)
    {
        for (var i = 1; i <= count; i++)
            progress.Report(i);
    }

    private sealed class Receiver(List<int> received) : IProgress<int>
    {
        public void Report(int value) => received.Add(value);
    }

    private static readonly AsyncLocal<List<string>?> Tokens = new();
    private static readonly AsyncLocal<List<int>?> Histories = new();
    private static readonly AsyncLocal<List<JobCancellationReason?>?> Reasons = new();

    private static readonly AsyncLocal<TestPool?> Nested = new();

    private static string Describe(JobContext context) =>
        $"{context.Id} {context.Attempt} {context.PoolName} {context.FunctionName} {ReferenceEquals(context, JobContext.Current)}";

    private static async Task<(long Before, long Nested, long After)> SubmitNested()
    {
        var before = JobContext.Current!.Id;
        var nested = await Nested.Value!.ApplyAsync(static () => JobContext.Current!.Id);
        return (before, nested, JobContext.Current!.Id);
    }

    private static async Task WaitForCancellationAsync()
    {
        var job = JobContext.Current!;
        try
        {
            await Task.Delay(TimeSpan.FromDays(1), VirtualClock.Current, job.CancellationToken);
        }
        finally
        {
            Reasons.Value!.Add(job.CancellationReason);
        }
    }

    private static int RecordToken()
    {
        Tokens.Value!.Add(JobContext.Current!.IdempotencyToken);
        Histories.Value!.Add(JobContext.Current.History.Count);
        return JobContext.Current.Attempt;
    }

    /// <summary>A state whose life is recorded for its test.</summary>
    private sealed class Recorded(string test) : IDisposable
    {
        public static ConcurrentDictionary<string, List<string>> Steps { get; } = new();

        public int Count { get; set; }

        public static async Task<Recorded> CreateAsync(string test)
        {
            await Task.Yield();
            AddStep(test, "created");
            return new Recorded(test);
        }

        public static void AddStep(string test, string step) => Steps.GetOrAdd(test, static _ => []).Add(step);

        public void Dispose() => AddStep(test, "disposed");
    }

    private sealed class Counter
    {
        public int Value { get; set; }
    }
}
