using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

[Collection(ContextPool.Name)]
public sealed class JobContextTests(ContextPool shared)
{
    private readonly ProcessPool _pool = shared.Pool;

    [Fact]
    public async Task Current_Job_DescribesIt()
    {
        var before = DateTimeOffset.UtcNow.AddMilliseconds(-20);
        var job = _pool.ApplyAsync(Describe);

        var seen = await job.Soon();

        Assert.Equal((job.Id, 1, ContextPool.Name), (seen.Id, seen.Attempt, seen.Pool));
        Assert.Equal("Actors.EndToEnd.Tests.JobContextTests.Describe", seen.Function);
        Assert.Equal(Assert.Single(_pool.Workers).Node, seen.Node);
        Assert.InRange(seen.SubmittedAt, before, DateTimeOffset.UtcNow);
        Assert.Null(seen.Deadline);
        Assert.Null(seen.Item);
    }

    [Fact]
    public async Task Current_OutsideOfAJob_IsNull()
    {
        Assert.Null(JobContext.Current);
        await _pool.ApplyAsync(Describe).Soon();
        Assert.Null(JobContext.Current);
    }

    [Fact]
    public async Task Current_AsyncCodeAndThreads_IsThatOfTheJob()
    {
        var job = _pool.ApplyAsync(ReadIdsAsync);

        Assert.Equal(Enumerable.Repeat(job.Id, 3), await job.Soon());
    }

    [Fact]
    public async Task Current_TaskThatOutlivesItsJob_IsThatOfItsOwnJob()
    {
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        var first = _pool.ApplyAsync(StartStraggler, checkpoint.Port, file.Path);
        await first.Soon();
        using var straggler = await checkpoint.NextAsync();

        var second = _pool.ApplyAsync(WaitForFile, checkpoint.Port, file.Path);
        using var running = await checkpoint.NextAsync();
        straggler.Release();
        await second.Soon();

        Assert.Equal($"{first.Id}", await File.ReadAllTextAsync(file.Path));
    }

    [Fact]
    public async Task Parameter_Placeholder_IsReplacedByTheContextOfTheJob()
    {
        var job = _pool.ApplyAsync(static (x, context) => $"{x} {context.Id} {context.FunctionName}", 7, JobContext.Placeholder);

        Assert.Equal($"7 {job.Id} {typeof(JobContextTests).FullName}.{nameof(Parameter_Placeholder_IsReplacedByTheContextOfTheJob)}.lambda",
            await job.Soon());
    }

    [Fact]
    public async Task Attempt_RetriedJob_CountsAndKeepsTheToken()
    {
        using var file = new TempFile();

        var token = await _pool.ApplyAsync(ExitInTheFirstAttempt, file.Path).Soon();

        var lines = await File.ReadAllLinesAsync(file.Path);
        Assert.Equal([$"1 {token}", $"2 {token}"], lines);
    }

    [Fact]
    public async Task History_RetriedJob_HasTheEndsOfItsEarlierAttempts()
    {
        var before = _pool.Workers[0].Node;

        var history = await _pool.ApplyAsync(ExitUntilTheThirdAttempt, new JobOptions { MaxAttempts = 3 }).Soon();

        Assert.Equal([3, 4], history.Select(attempt => attempt.ExitCode));
        Assert.All(history, attempt => Assert.Equal(before, attempt.Node));
        Assert.Equal(["ended by itself with exit code 3", "ended by itself with exit code 4"], history.Select(attempt => attempt.Reason));
        Assert.Equal(2, history.Select(attempt => attempt.ProcessId).Distinct().Count());
        Assert.Empty(await _pool.ApplyAsync(static () => JobContext.Current!.History.ToArray()).Soon());
    }

    [Fact]
    public async Task Deadline_JobWithTimeout_IsItsStartAndTheTimeout()
    {
        var before = DateTimeOffset.UtcNow;
        var seen = await _pool.ApplyAsync(Describe, new JobOptions { Timeout = TimeSpan.FromMinutes(5) }).Soon();

        Assert.InRange(seen.Deadline!.Value, before.AddMinutes(5), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    [Fact]
    public async Task ItemIndex_Map_IsTheIndexInTheSequence()
    {
        string[] items = ["a", "b", "c", "d", "e"];

        var seen = await _pool.MapAsync(DescribeItem, items, chunkSize: 2).Soon();

        Assert.Equal([0L, 1, 2, 3, 4], seen.Select(item => item.Index));
        Assert.Equal(5, seen.Select(item => item.Token).Distinct().Count());
        var streamed = new List<long>();
        await foreach (var item in _pool.IMap(DescribeItem, items, chunkSize: 3))
            streamed.Add(item.Index);
        Assert.Equal([0L, 1, 2, 3, 4], streamed);
    }

    [Fact]
    public async Task ItemIndex_StarMapAndMapReduce_IsTheIndexInTheSequence()
    {
        var context = JobContext.Placeholder;

        var indices = await _pool.StarMapAsync(
            static (int x, JobContext own) => own.ItemIndex!.Value + x, [(10, context), (20, context), (30, context)], chunkSize: 3).Soon();
        var sum = await _pool.MapReduceAsync(
            Enumerable.Range(0, 4), static _ => JobContext.Current!.ItemIndex!.Value, static (a, b) => a + b, chunkSize: 2).Soon();

        // The parameters are decoded before the first item, and describe the item that runs.
        Assert.Equal([10L, 21, 32], indices);
        Assert.Equal(6, sum);
    }

    [Fact]
    public async Task CancellationReason_CanceledJob_IsRequested()
    {
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        var job = _pool.ApplyAsync(WaitForReason, checkpoint.Port, file.Path);
        using var held = await checkpoint.NextAsync();

        job.Cancel();

        await job.Fails<JobCanceledException>();
        Assert.Equal("none Requested", await File.ReadAllTextAsync(file.Path));
    }

    [Fact]
    public async Task Current_WorkerProcess_IsItsOnlyJob()
    {
        using var file = new TempFile();
        var path = file.Path;
        await using var process = await WorkerProcess.StartAsync(static (string path) => WriteContext(path), path);

        Assert.Equal(0, await process.JoinAsync().Soon());

        Assert.Equal("1 1 none", await File.ReadAllTextAsync(path));
    }

    private static void WriteContext(string path)
    {
        var context = JobContext.Current!;
        File.WriteAllText(path, $"{context.Id} {context.Attempt} {context.PoolName ?? "none"}");
    }

    private static Seen Describe()
    {
        var context = JobContext.Current!;
        return new Seen(
            context.Id, context.Attempt, context.PoolName, context.FunctionName, context.NodeName, context.SubmittedAt, context.Deadline,
            context.ItemIndex);
    }

    private static (long Index, string Token) DescribeItem(string item)
    {
        Assert.NotEmpty(item);
        return (JobContext.Current!.ItemIndex!.Value, JobContext.Current.IdempotencyToken);
    }

    private static async Task<long[]> ReadIdsAsync()
    {
        await Task.Yield();
        var here = JobContext.Current!.Id;
        var inTask = await Task.Run(() => JobContext.Current!.Id);
        long inThread = 0;
        var thread = new Thread(() => inThread = JobContext.Current!.Id);
        thread.Start();
        thread.Join();
        return [here, inTask, inThread];
    }

    private static void StartStraggler(int port, string path)
    {
        _ = Task.Run(() =>
        {
            Checkpoint.ReportAndWait(port);
            File.WriteAllText(path + ".next", $"{JobContext.Current!.Id}");
            File.Move(path + ".next", path, overwrite: true);
        });
    }

    private static async Task WaitForFile(int port, string path)
    {
        using var report = Checkpoint.Report(port);
        while (!File.Exists(path))
            await Task.Yield();
    }

    private static string ExitInTheFirstAttempt(string path)
    {
        var context = JobContext.Current!;
        File.AppendAllText(path, $"{context.Attempt} {context.IdempotencyToken}\n");
        if (context.Attempt == 1)
            Environment.Exit(3);
        return context.IdempotencyToken;
    }

    private static LostAttempt[] ExitUntilTheThirdAttempt()
    {
        var context = JobContext.Current!;
        if (context.Attempt < 3)
            Environment.Exit(2 + context.Attempt);
        return [.. context.History];
    }

    private static void WaitForReason(int port, string path)
    {
        var context = JobContext.Current!;
        var before = context.CancellationReason?.ToString() ?? "none";
        using var report = Checkpoint.Report(port);
        context.CancellationToken.WaitHandle.WaitOne();
        File.WriteAllText(path, $"{before} {context.CancellationReason}");
        context.CancellationToken.ThrowIfCancellationRequested();
    }

    private sealed record Seen(
        long Id, int Attempt, string? Pool, string Function, string Node, DateTimeOffset SubmittedAt, DateTimeOffset? Deadline, long? Item);
}
