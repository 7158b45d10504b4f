using System.Diagnostics;

namespace Actors.EndToEnd.Tests;

/// <summary>Metrics and spans of real pools. Listeners see all pools of the process, so each test uses a pool name of its own.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Metrics_JobsOfAPool_AreCountedByFunctionAndStatus()
    {
        using var metrics = new RecordedMetrics("counted");
        await using var pool = await ProcessPool.StartAsync(1, options: new PoolOptions { Name = "counted" });

        Assert.Equal(4, await pool.ApplyAsync(Double, 2));
        await Assert.ThrowsAsync<FormatException>(async () => await pool.ApplyAsync(Fail));
        await Assert.ThrowsAsync<WorkerLostException>(
            async () => await pool.ApplyAsync(Exit, new JobOptions { MaxAttempts = 2 }));
        int[] doubled = await pool.MapAsync(Double, [1, 2, 3, 4], chunkSize: 2);

        Assert.Equal([2, 4, 6, 8], doubled);
        Assert.Equal(5, metrics.Sum("actors.jobs.submitted"));
        Assert.Equal(3, metrics.Sum("actors.jobs.submitted", nameof(Double)));
        Assert.Equal(3, metrics.Sum("actors.jobs.ended", "succeeded"));
        Assert.Equal(1, metrics.Sum("actors.jobs.ended", "failed"));
        Assert.Equal(1, metrics.Sum("actors.jobs.ended", "lost"));
        Assert.Equal(1, metrics.Sum("actors.job.retries", nameof(Exit)));
        Assert.Equal(5, metrics.Count("actors.job.duration"));
        Assert.Equal(5, metrics.Count("actors.payload.size", "arguments"));
        Assert.Equal(3, metrics.Count("actors.payload.size", "result"));
        Assert.InRange(metrics.Sum("actors.worker.restarts", "error"), 1, 2);
        metrics.ReadGauges();
        Assert.Equal(1, metrics.Sum("actors.workers"));
        Assert.Equal(0, metrics.Sum("actors.jobs.running") + metrics.Sum("actors.jobs.waiting"));
        // The pool records waiting times after it has sent the outcomes.
        await pool.CompleteAsync();
        Assert.Equal(3, metrics.Count("actors.job.wait.duration", nameof(Double)));
    }

    [Fact]
    public async Task Spans_Job_RunsBelowItsSubmission()
    {
        using var spans = new RecordedSpans("traced");
        await using var pool = await ProcessPool.StartAsync(1, options: new PoolOptions { Name = "traced" });
        using var request = new Activity("request").Start();

        var (run, parent, inner) = await pool.ApplyAsync(DescribeSpans);

        var submit = Assert.Single(spans.Ended);
        Assert.StartsWith("submit ", submit.OperationName, StringComparison.Ordinal);
        Assert.Equal(ActivityKind.Producer, submit.Kind);
        Assert.Equal(request.SpanId, submit.ParentSpanId);
        Assert.Equal("succeeded", submit.GetTagItem("actors.status"));
        Assert.Equal($"{request.TraceId} {submit.SpanId}", parent);
        Assert.StartsWith($"run {submit.OperationName["submit ".Length..]} 1 {pool.Workers[0].Node} ", run, StringComparison.Ordinal);
        Assert.Equal("inner below run", inner);
        Assert.Same(request, Activity.Current);
    }

    [Fact]
    public async Task Spans_RetriedJob_HasTheNumberOfTheAttempt()
    {
        using var spans = new RecordedSpans("retried");
        await using var pool = await ProcessPool.StartAsync(1, options: new PoolOptions { Name = "retried" });

        Assert.Equal(2, await pool.ApplyAsync(ExitInTheFirstAttempt));

        Assert.Equal(2, Assert.Single(spans.Ended).GetTagItem("actors.attempts"));
    }

    [Fact]
    public async Task Spans_Map_IsOneSpanAboveItsChunks()
    {
        using var spans = new RecordedSpans("mapped");
        await using var pool = await ProcessPool.StartAsync(2, options: new PoolOptions { Name = "mapped" });

        string[] parents = await pool.MapAsync(DescribeParent, Enumerable.Range(0, 6), chunkSize: 2);
        await Assert.ThrowsAsync<FormatException>(async () => await pool.MapAsync(FailAt, [1, 2]));

        var (map, failed) = (spans.Ended.First(), spans.Ended.Last());
        Assert.Equal(2, spans.Ended.Count);
        Assert.Equal(6, map.GetTagItem("actors.items"));
        Assert.All(parents, parent => Assert.Equal($"{map.TraceId} {map.SpanId}", parent));
        Assert.Equal((ActivityStatusCode.Unset, ActivityStatusCode.Error), (map.Status, failed.Status));
    }

    [Fact]
    public async Task Spans_NobodyListens_JobHasNoTrace()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        using var request = new Activity("request").Start();

        Assert.True(await pool.ApplyAsync(() => Activity.Current is null));
    }

    [Fact]
    public async Task Spans_ClosedPool_EndWithAnError()
    {
        using var spans = new RecordedSpans("closed");
        await using var pool = await ProcessPool.StartAsync(1, options: new PoolOptions { Name = "closed" });
        pool.Close();

        Assert.ThrowsAny<InvalidOperationException>(() => { _ = pool.ApplyAsync(Double, 1); });

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(spans.Ended).Status);
    }

    private static int Double(int number) => 2 * number;

    private static void Fail() => throw new FormatException("bad");

    private static int FailAt(int number) => number == 2 ? throw new FormatException("bad") : number;

    private static void Exit() => Environment.Exit(3);

    private static string DescribeParent(int item) => $"{Activity.Current!.TraceId} {Activity.Current.ParentSpanId}";

    private static int ExitInTheFirstAttempt()
    {
        var attempt = (int)Activity.Current!.GetTagItem("actors.attempt")!;
        if (attempt == 1)
            Environment.Exit(1);
        return attempt;
    }

    private static (string Run, string Parent, string Inner) DescribeSpans()
    {
        var run = Activity.Current!;
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "user",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("user");
        using var inner = source.StartActivity("inner")!;
        return (
            $"{run.OperationName} {run.GetTagItem("actors.attempt")} {run.GetTagItem("actors.node")} {run.GetTagItem("process.pid")}",
            DescribeParentOf(run), inner.ParentSpanId == run.SpanId && inner.TraceId == run.TraceId ? "inner below run" : "");
    }

    private static string DescribeParentOf(Activity run) => $"{run.TraceId} {run.ParentSpanId}";
}
