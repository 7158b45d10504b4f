using System.Collections.Concurrent;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

[Collection(ContextPool.Name)]
public sealed class ProgressTests(ContextPool shared)
{
    private readonly ProcessPool _pool = shared.Pool;
    private readonly Received _received = new();

    [Fact]
    public async Task Report_ManyValues_LastOneArrivesBeforeTheResult()
    {
        Assert.Equal(100_000, await _pool.ApplyAsync(CountTo, 100_000, (IProgress<int>)_received).Soon());

        Assert.Equal(100_000, _received.Values.Last());
        Assert.Equal(_received.Values.Order(), _received.Values);
        Assert.InRange(_received.Values.Count, 1, 500);
    }

    [Fact]
    public async Task Report_RunningJob_ArrivesWhileItRuns()
    {
        using var checkpoint = new Checkpoint();
        var job = _pool.ApplyAsync(ReportAndWait, checkpoint.Port, (IProgress<int>)_received);

        await _received.First.Task.Soon();
        using var held = await checkpoint.NextAsync();

        Assert.Equal([7], _received.Values);
        held.Release();
        await job.Soon();
    }

    [Fact]
    public async Task Report_ClassOfTheFramework_ReachesItsHandler()
    {
        var reported = new TaskCompletionSource<string>();

        await _pool.ApplyAsync(ReportText, "half", new Progress<string>(reported.SetResult)).Soon();

        Assert.Equal("half", await reported.Task.Soon());
    }

    [Fact]
    public async Task Report_CapturedInAMap_ReceivesTheValuesOfAllItems()
    {
        IProgress<int> progress = _received;

        await _pool.MapAsync(
            x =>
            {
                progress.Report(x);
                return x;
            },
            Enumerable.Range(1, 4), chunkSize: 1).Soon();

        Assert.Equal([1, 2, 3, 4], _received.Values.Order());
    }

    [Fact]
    public async Task Report_FailingJob_LastValueArrivesBeforeTheException()
    {
        await _pool.ApplyAsync(ReportAndFail, (IProgress<int>)_received).Fails<FormatException>();

        Assert.Equal([1], _received.Values);
    }

    [Fact]
    public async Task Report_ThrowingReceiver_DoesNotFailTheJob()
    {
        var throwing = new Received { Throws = true };

        Assert.Equal(3, await _pool.ApplyAsync(CountTo, 3, (IProgress<int>)throwing).Soon());
    }

    [Fact]
    public async Task Report_TooLargeValue_FailsInTheJob()
    {
        var job = _pool.ApplyAsync(ReportLarge, (IProgress<byte[]>)new Progress<byte[]>());

        var failure = await job.Fails<PayloadTooLargeException>();

        Assert.Contains("a progress value may have 1,048,576 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_NullProgress_ArrivesAsNull() =>
        Assert.True(await _pool.ApplyAsync(static (IProgress<int>? progress) => progress is null, (IProgress<int>?)null).Soon());

    [Fact]
    public async Task Report_WorkerProcess_ReachesTheCaller()
    {
        await using var process = await WorkerProcess.StartAsync(ReportText, "done", (IProgress<string>)new Progress<string>());

        Assert.Equal(0, await process.JoinAsync().Soon());
    }

    [Fact]
    public void Submit_ProgressThatCannotTravel_IsRefused()
    {
        var values = Assert.Throws<NotCarriedException>(
            () => _pool.ApplyAsync(static (IProgress<Stream> progress) => progress.Report(Stream.Null), new Progress<Stream>()));
        var own = Assert.Throws<NotCarriedException>(() => _pool.ApplyAsync(static (Received progress) => progress.Report(1), _received));
        var initializer = Assert.Throws<NotCarriedException>(
            () => PoolInitializer.Of(static progress => progress.Report(1), (IProgress<int>)_received));

        Assert.Contains("System.IO.Stream cannot be carried", values.Message, StringComparison.Ordinal);
        Assert.Contains("declare it as IProgress<T>", own.Message, StringComparison.Ordinal);
        Assert.Contains("cannot report progress", initializer.Message, StringComparison.Ordinal);
    }

    private static int CountTo(int count, IProgress<int> progress)
    {
        for (var i = 1; i <= count; i++)
            progress.Report(i);
        return count;
    }

    private static void ReportAndWait(int port, IProgress<int> progress)
    {
        progress.Report(7);
        Checkpoint.ReportAndWait(port);
    }

    private static void ReportText(string text, IProgress<string> progress) => progress.Report(text);

    private static void ReportAndFail(IProgress<int> progress)
    {
        progress.Report(1);
        throw new FormatException("after the report");
    }

    private static void ReportLarge(IProgress<byte[]> progress) => progress.Report(new byte[2 << 20]);

    private sealed class Received : IProgress<int>
    {
        public ConcurrentQueue<int> Values { get; } = new();

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Throws { get; init; }

        public void Report(int value)
        {
            if (Throws)
                throw new InvalidOperationException("The receiver threw.");
            Values.Enqueue(value);
            First.TrySetResult();
        }
    }
}
