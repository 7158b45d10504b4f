using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Events that cancel a running job before its worker is ended.</summary>
public sealed class CancelOnTests
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);
    private static readonly JobOptions Short = new() { Timeout = TimeSpan.FromMilliseconds(100) };

    private static readonly PoolOptions LongGrace = new()
    {
        CancelOn = CancellationTriggers.All,
        CancellationGrace = TimeSpan.FromMinutes(10),
    };

    [Fact]
    public async Task Timeout_JobObservesItsToken_TimesOutAndKeepsTheWorker()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1, LongGrace);

        var exception = await own.Pool.ApplyAsync(WriteReason, file.Path, Short).Fails<JobTimedOutException>();

        Assert.Contains("It was canceled when it ran over its timeout.", exception.Message, StringComparison.Ordinal);
        var written = await File.ReadAllTextAsync(file.Path);
        Assert.Equal($"Timeout {await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon()}", written);
        Assert.Single(own.ProcessIds);
    }

    [Fact]
    public async Task Timeout_JobReturnsAfterTheSignal_Succeeds()
    {
        await using var own = await TestPool.StartAsync(1, LongGrace);

        Assert.Equal(JobCancellationReason.Timeout, await own.Pool.ApplyAsync(ReturnReason, Short).Soon());
    }

    [Fact]
    public async Task Timeout_JobThrowsAnotherException_TimesOutWithItsMessage()
    {
        await using var own = await TestPool.StartAsync(1, LongGrace);

        var exception = await own.Pool.ApplyAsync(ThrowAfterSignal, Short).Fails<JobTimedOutException>();

        Assert.Contains("and threw IOException: the socket was closed", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeout_JobIgnoresItsToken_IsKilledAfterTheGrace()
    {
        await using var own = await TestPool.StartAsync(1, LongGrace with { CancellationGrace = TimeSpan.FromMilliseconds(50) });

        var exception = await own.Pool.ApplyAsync(() => Thread.Sleep(Timeout.Infinite), Short).Fails<JobTimedOutException>();

        Assert.Contains("was killed: the job ran over its timeout", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeout_ItemOfAMap_NamesTheItemAndKeepsTheWorker()
    {
        await using var own = await TestPool.StartAsync(1, LongGrace);

        var outcomes = await own.Pool.MapResultsAsync(HoldThird, Enumerable.Range(0, 4), chunkSize: 4, options: Short).Soon();

        Assert.All(outcomes, outcome => Assert.IsType<JobTimedOutException>(outcome.Error));
        Assert.Contains("Item 2", outcomes[0].Error!.Message, StringComparison.OrdinalIgnoreCase);
        await own.Pool.ApplyAsync(() => 1).Soon();
        Assert.Single(own.ProcessIds);
    }

    [Fact]
    public async Task ClientDisconnected_ProgramIsKilled_JobLearnsItAndTheWorkerEnds()
    {
        using var client = ClientProgram.StartTestClient("cancel");
        var worker = Assert.Single(await client.ReadProcessIdsAsync(1));
        var reason = Path.Combine(client.Temp.Path, "reason");

        client.Kill();
        await client.ExitAsync();

        Assert.True(await Waiting.Until(() => !ProcessIds.IsRunning(worker), AtMost), "The worker outlived its client.");
        Assert.Equal("ClientDisconnected", await File.ReadAllTextAsync(reason));
        Assert.Empty(Directory.GetDirectories(client.Temp.Path, "actors-*"));
    }

    private static void WriteReason(string path)
    {
        var context = JobContext.Current!;
        context.CancellationToken.WaitHandle.WaitOne();
        File.WriteAllText(path, $"{context.CancellationReason} {Environment.ProcessId}");
        context.CancellationToken.ThrowIfCancellationRequested();
    }

    private static JobCancellationReason? ReturnReason()
    {
        JobContext.Current!.CancellationToken.WaitHandle.WaitOne();
        return JobContext.Current.CancellationReason;
    }

    private static void ThrowAfterSignal()
    {
        JobContext.Current!.CancellationToken.WaitHandle.WaitOne();
        throw new IOException("the socket was closed");
    }

    private static int HoldThird(int item)
    {
        if (item == 2)
            JobContext.Current!.CancellationToken.WaitHandle.WaitOne();
        return item;
    }
}
