using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>
/// Large values between machines: values above the size of a message pass through the coordinator's store, or are refused at once.
/// </summary>
public sealed class PayloadTests(PayloadTests.OneNode node) : IClassFixture<PayloadTests.OneNode>
{
    private const int MiB = 1 << 20;
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(30);

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Argument_OfEightMiB_Travels()
    {
        await using var pool = await ProcessPool.StartAsync(connect: node.Address);

        Assert.Equal(8 * MiB, await pool.ApplyAsync(Functions.Length, new byte[8 * MiB]));
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Argument_AboveTheLimitOfADurablePool_IsRefusedAtOnce()
    {
        await using var pool = await ProcessPool.StartAsync(connect: node.Address, options: new PoolOptions { DurableName = "arguments" });

        var exception = Assert.Throws<PayloadTooLargeException>(() => pool.ApplyAsync(Functions.Length, new byte[13 * MiB]));

        Assert.Contains("12 MiB", exception.Message, StringComparison.Ordinal);
        Assert.Contains("durable", exception.Message, StringComparison.Ordinal);
        Assert.Equal(8 * MiB, await pool.ApplyAsync(Functions.Length, new byte[8 * MiB]));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task ArgumentAndResult_OfAPoolThatIsClosed_ComeBeforeItsEnd()
    {
        await using var pool = await ProcessPool.StartAsync(connect: node.Address);
        var jobs = new[] { pool.ApplyAsync(Functions.Inverted, new byte[17 * MiB]), pool.ApplyAsync(Functions.Inverted, new byte[1]) };

        var summary = await pool.CompleteAsync();

        Assert.Equal(2, summary.Succeeded);
        Assert.Equal([17 * MiB, 1], jobs.Select(job => job.Task.Result.Count(part => part == 255)));
        await node.StoreIsEmptyAsync();
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Job_CanceledWhileItsArgumentsAreSent_EndsAtOnceAndLeavesNothing()
    {
        await using var pool = await ProcessPool.StartAsync(connect: node.Address);
        var job = pool.ApplyAsync(Functions.Length, new byte[256 * MiB]);

        job.Cancel();

        await Assert.ThrowsAsync<JobCanceledException>(() => job.Completion.WaitAsync(AtOnce));
        await node.StoreIsEmptyAsync();
        Assert.Equal(1, await pool.ApplyAsync(Functions.Length, new byte[1]));
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Pool_TerminatedWhileArgumentsAreSent_EndsAtOnceAndLeavesNothing()
    {
        await using var pool = await ProcessPool.StartAsync(connect: node.Address);
        var jobs = new[] { pool.ApplyAsync(Functions.Length, new byte[256 * MiB]), pool.ApplyAsync(Functions.Length, new byte[17 * MiB]) };

        await pool.TerminateAsync().WaitAsync(AtOnce);

        foreach (var job in jobs)
            await Assert.ThrowsAsync<PoolTerminatedException>(() => job.Completion);
        await node.StoreIsEmptyAsync();
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Arguments_TogetherAboveTheLimit_TravelInSeveralMessages()
    {
        await using var pool = await ProcessPool.StartAsync(connect: node.Address);

        var jobs = Enumerable.Range(0, 40).Select(_ => pool.ApplyAsync(Functions.Length, new byte[MiB / 2])).ToList();

        Assert.All(await Task.WhenAll(jobs.Select(job => job.Task)), length => Assert.Equal(MiB / 2, length));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Argument_AboveTheLimitInALocalPool_Arrives()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        Assert.Equal(17 * MiB, await pool.ApplyAsync(Functions.Length, new byte[17 * MiB]));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Result_OfEightMiB_Travels()
    {
        await using var pool = await ProcessPool.StartAsync(connect: node.Address);

        Assert.Equal(8 * MiB, (await pool.ApplyAsync(Functions.Bytes, 8 * MiB)).Length);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Result_AboveTheLimitOfADurablePool_IsRefused()
    {
        await using var pool = await ProcessPool.StartAsync(connect: node.Address, options: new PoolOptions { DurableName = "results" });

        var exception = await Assert.ThrowsAsync<PayloadTooLargeException>(
            async () => await pool.ApplyAsync(Functions.Bytes, 17 * MiB).Task.WaitAsync(AtOnce));

        Assert.Contains("12 MiB", exception.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Exception_AboveTheLimit_ComesBackShortened()
    {
        await using var pool = await ProcessPool.StartAsync(connect: node.Address);

        var exception = await Assert.ThrowsAsync<ArithmeticException>(
            async () => await pool.ApplyAsync(Functions.ThrowLarge).Completion.WaitAsync(AtOnce));

        Assert.StartsWith("large", exception.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Initializer_WithArgumentsAboveTheLimit_IsRefusedAtOnce()
    {
        var options = new PoolOptions { Initializer = PoolInitializer.Of(Functions.Ignore, new byte[17 * MiB]) };

        await Assert.ThrowsAsync<PayloadTooLargeException>(() => ProcessPool.StartAsync(connect: node.Address, options: options)
            .WaitAsync(AtOnce));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task QueueItem_AboveTheLimit_IsRefusedHereAndInAnExecutor()
    {
        await using var manager = await Manager.StartAsync(node.Address);
        await using var pool = await ProcessPool.StartAsync(connect: node.Address);
        var queue = await manager.CreateQueueAsync<byte[]>();

        await Assert.ThrowsAsync<PayloadTooLargeException>(() => queue.PutAsync(new byte[17 * MiB]).WaitAsync(AtOnce));
        await Assert.ThrowsAsync<PayloadTooLargeException>(
            async () => await pool.ApplyAsync(Functions.PutBytes, queue, 17 * MiB).Completion.WaitAsync(AtOnce));

        await pool.ApplyAsync(Functions.PutBytes, queue, 8 * MiB);
        Assert.Equal(8 * MiB, (await queue.GetAsync()).Length);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task QueueItems_TogetherAboveTheLimit_ComeInSeveralMessages()
    {
        await using var manager = await Manager.StartAsync(node.Address);
        var queue = await manager.CreateQueueAsync<byte[]>();
        for (var i = 0; i < 20; i++)
            await queue.PutAsync(new byte[MiB]);

        var got = 0;
        while (got < 20)
            got += (await queue.GetManyAsync(20, AtOnce)).Count;

        Assert.Equal(20, got);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Pool_TerminatedWithManyJobs_EndsThemAll()
    {
        await using var pool = await ProcessPool.StartAsync(connect: node.Address);
        var jobs = Enumerable.Range(0, 400_000).Select(_ => pool.ApplyAsync(Functions.Sleep, TimeSpan.FromHours(1))).ToList();

        var summary = await node.DoneAsync(pool.TerminateAsync().WaitAsync(Guard.Longest));

        Assert.Equal(jobs.Count, summary.Dropped);
        Assert.All(jobs, job => Assert.True(job.IsCompleted));
    }

    /// <summary>A coordinator and one node of one slot, for all tests of the class.</summary>
    public sealed class OneNode : IAsyncLifetime
    {
        private readonly TestCluster _cluster = new();

        public string Address => _cluster.Address;

        public Task<T> DoneAsync<T>(Task<T> task) => _cluster.DoneAsync(task);

        /// <summary>Completes when no large payload is stored.</summary>
        public Task StoreIsEmptyAsync() => Guard.UntilAsync(() => _cluster.StoredPayloads().Count == 0);

        public async Task InitializeAsync()
        {
            await _cluster.StartCoordinatorAsync(withStore: true);
            await _cluster.StartNodeAsync(1);
        }

        public async Task DisposeAsync() => await _cluster.DisposeAsync();
    }
}
