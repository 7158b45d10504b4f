using Actors.Chaos.Load;
using Actors.Chaos.Plans;

namespace Actors.Chaos.Tests;

/// <summary>The end of the load: no job may open its pool again after it.</summary>
public sealed class PoolLoadTests : IDisposable
{
    private static readonly TimeSpan LongJob = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Violations _violations = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("actors-chaos").FullName;
    private readonly TaskCompletionSource _opening = new();
    private int _opened;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

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
        await using var load = CreateLoad(await StartDurableAsync("load.db"), TimeSpan.FromMilliseconds(1), isDurable: true);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await load.RunAsync(stop.Token, CancellationToken.None).WaitAsync(Patience);
        load.Ledger.RequireAllEnded();

        Assert.Empty(_violations.Texts);
        Assert.True(load.Ledger.Correct > 0);
    }

    [Fact]
    public async Task Run_DurablePoolIsInterrupted_AttachesToItsAcceptedJobs()
    {
        var ledger = await InterruptAsync("load.db");

        Assert.Empty(_violations.Texts);
        // The pool has accepted no job twice.
        Assert.Equal((2, 2), (ledger.Accepted, ledger.Correct));
    }

    /// <summary>The client cannot hide the loss by submitting the jobs again.</summary>
    [Fact]
    public async Task Run_DurablePoolLosesItsJobs_IsAViolation()
    {
        await InterruptAsync("other.db");

        Assert.Equal(2, _violations.Count);
        Assert.All(_violations.Texts, text => Assert.Contains("failed: JobNotFoundException", text, StringComparison.Ordinal));
    }

    /// <summary>Closes the pool of two running jobs, and opens it again on a store.</summary>
    private async Task<JobLedger> InterruptAsync(string store)
    {
        var pool = await StartDurableAsync("load.db");
        await using var load = CreateLoad(pool, TimeSpan.FromSeconds(1), isDurable: true, _ => StartDurableAsync(store));
        using var stop = new CancellationTokenSource();
        var run = load.RunAsync(stop.Token, CancellationToken.None);
        while (load.Ledger.Accepted < 2)
            await Task.Yield();

        await stop.CancelAsync();
        await pool.DisposeAsync();
        await run.WaitAsync(Patience);
        load.Ledger.RequireAllEnded();
        return load.Ledger;
    }

    private Task<ProcessPool> StartDurableAsync(string store) => ProcessPool.StartAsync(
        1, options: new PoolOptions { DurableName = "load", Store = new SqliteStore(Path.Combine(_directory, store)) });

    private async Task<PoolLoad> StartLoadAsync() => CreateLoad(await ProcessPool.StartAsync(1));

    private PoolLoad CreateLoad(
        ProcessPool pool, TimeSpan? jobDuration = null, bool isDurable = false, Func<CancellationToken, Task<ProcessPool>>? open = null)
    {
        var plan = new LoadPlan(JobsInFlight: 2, JobDuration: jobDuration ?? LongJob, HasQueue: false, HasLock: false);
        return new PoolLoad(
            new LoadSettings("127.0.0.1:1", plan, isDurable, _violations), new LoadTimeline(TimeProvider.System), pool, open ?? OpenAsync);
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
