using Actors.Chaos.Load;
using Actors.Chaos.Plans;

namespace Actors.Chaos.Tests;

/// <summary>The end of the load: no job may open its pool again after it.</summary>
public sealed class PoolLoadTests
{
    private static readonly TimeSpan LongJob = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Violations _violations = new();
    private readonly TaskCompletionSource _opening = new();
    private int _opened;

    [Fact]
    public async Task Run_EndedWhileJobsRun_IsCanceledAndOpensNoPool()
    {
        using var end = new CancellationTokenSource();
        await using var load = await StartLoadAsync();
        var run = load.RunAsync(CancellationToken.None, end.Token);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience));
        load.Ledger.RequireAllEnded();

        Assert.Equal(0, _opened);
        Assert.All(_violations.Texts, text => Assert.Contains("waits for its ", text, StringComparison.Ordinal));
        Assert.Equal(2, _violations.Count);
    }

    [Fact]
    public async Task Run_EndedWhileThePoolIsOpenedAgain_CancelsTheOpening()
    {
        using var end = new CancellationTokenSource();
        var pool = await ProcessPool.StartAsync(1);
        await using var load = CreateLoad(pool);
        await pool.TerminateAsync();
        var run = load.RunAsync(CancellationToken.None, end.Token);
        await _opening.Task.WaitAsync(Patience);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience));
        load.Ledger.RequireAllEnded();

        Assert.Equal(1, _opened);
        Assert.All(
            _violations.Texts,
            text => Assert.Contains("ended with PoolTerminatedException at", text, StringComparison.Ordinal));
        Assert.Equal(2, _violations.Count);
    }

    /// <summary>A durable pool gives no id of a job before it has accepted the job.</summary>
    [Fact]
    public async Task Run_DurablePool_EndsEachJobWithItsResult()
    {
        var directory = Directory.CreateTempSubdirectory("actors-chaos");
        try
        {
            var options = new PoolOptions { DurableName = "load", Store = new SqliteStore(Path.Combine(directory.FullName, "load.db")) };
            await using var load = CreateLoad(await ProcessPool.StartAsync(1, options: options), TimeSpan.FromMilliseconds(1));
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));

            await load.RunAsync(stop.Token, CancellationToken.None).WaitAsync(Patience);
            load.Ledger.RequireAllEnded();

            Assert.Empty(_violations.Texts);
            Assert.True(load.Ledger.Correct > 0);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task<PoolLoad> StartLoadAsync() => CreateLoad(await ProcessPool.StartAsync(1));

    private PoolLoad CreateLoad(ProcessPool pool, TimeSpan? jobDuration = null)
    {
        var plan = new LoadPlan(JobsInFlight: 2, JobDuration: jobDuration ?? LongJob, HasQueue: false, HasLock: false);
        return new PoolLoad(
            new LoadSettings("127.0.0.1:1", plan, IsDurable: false, _violations), new LoadTimeline(TimeProvider.System), pool, OpenAsync);
    }

    /// <summary>Opens no pool before it is canceled.</summary>
    private async Task<ProcessPool> OpenAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        _opening.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("The wait ends by its cancellation only.");
    }
}
