using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Programs attach to maps of a local durable pool by id. <see cref="ClientCrashTests"/> crashes such programs.</summary>
public sealed class AttachedMapTests : IDisposable
{
    private static readonly PoolOptions Explicit = new() { Acknowledgment = ResultAcknowledgment.Explicit };

    private readonly DurablePool _durable = new();

    [Theory]
    [InlineData(null)]
    [InlineData("key")]
    public async Task AttachMap_PoolIsOpenedAgain_ReturnsAllResultsInOrderUntilAcknowledged(string? key)
    {
        string id;
        await using (var pool = await _durable.OpenAsync())
            id = (await pool.SubmitMapAsync(x => 2 * x, Enumerable.Range(0, 7), chunkSize: 3, new JobOptions { Key = key }).Soon()).Id;
        await using (var pool = await _durable.OpenAsync())
            Assert.Equal<int[]>([0, 2, 4, 6, 8, 10, 12], await pool.AttachMap<int>(id).Task.Soon());

        await using var again = await _durable.OpenAsync();
        var exception = await Assert.ThrowsAsync<JobNotFoundException>(() => again.AttachMap<int>(id).Task.Soon());
        Assert.Contains(nameof(PoolOptions.ResultRetention), exception.Message, StringComparison.Ordinal);
        Assert.Empty(await new DurableJobs("pool", store: new SqliteStore(_durable.Path)).ListAsync().Soon());
    }

    [Fact]
    public async Task AttachMap_StarMapOfAnEarlierRun_ReturnsItsResults()
    {
        using var durable = new DurablePool();
        string pairs;
        string triples;
        await using (var pool = await durable.OpenAsync())
        {
            pairs = (await pool.SubmitStarMapAsync((int x, int y) => x * y, [(1, 2), (3, 4), (5, 6)], chunkSize: 2).Soon()).Id;
            triples = (await pool.SubmitStarMapAsync(
                async (int x, int y, string unit) => await Task.FromResult($"{x + y} {unit}"), [(1, 2, "m"), (3, 4, "s")]).Soon()).Id;
        }

        await using var again = await durable.OpenAsync();
        int[] products = await again.AttachMap<int>(pairs).Task.Soon();
        string[] sums = await again.AttachMap<string>(triples).Task.Soon();
        Assert.Equal([2, 12, 30], products);
        Assert.Equal(["3 m", "7 s"], sums);
    }

    [Fact]
    public async Task AttachMapResults_ItemFails_ReturnsTheOthersAndAcknowledgesExplicitly()
    {
        string id;
        await using (var pool = await _durable.OpenAsync(options: Explicit))
            id = (await pool.SubmitMapAsync(x => 12 / x, [3, 0, 2], chunkSize: 2).Soon()).Id;
        for (var run = 0; run < 2; run++)
        {
            await using var pool = await _durable.OpenAsync(options: Explicit);
            var map = pool.AttachMapResults<int>(id);
            var results = await map.Task.Soon();
            Assert.Equal([4, 0, 6], results.Select(item => item.IsSuccessful ? item.Value : 0));
            Assert.IsType<DivideByZeroException>(results[1].Error);
            if (run > 0)
                map.Acknowledge();
        }

        await using var again = await _durable.OpenAsync(options: Explicit);
        var unknown = await again.AttachMapResults<int>(id).Task.Soon();
        Assert.All(unknown, item => Assert.IsType<JobNotFoundException>(item.Error));
    }

    /// <summary>Both handles get the results. The job of a handle runs once.</summary>
    [Fact]
    public async Task AttachMap_SameProgramTwice_BothHandlesGetTheResults()
    {
        using var checkpoint = new Checkpoint();
        await using var pool = await _durable.OpenAsync();
        var gate = await pool.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();
        var map = await pool.SubmitMapAsync(_ => Guid.NewGuid(), Enumerable.Range(0, 3), chunkSize: 1).Soon();

        var (values, results, job) = (pool.AttachMap<Guid>(map.Id), pool.AttachMapResults<Guid>(map.Id), pool.Attach<int>(gate.Id));
        Assert.Throws<InvalidOperationException>(map.Acknowledge);
        held.Release();

        var expected = await map.Task.Soon();
        Assert.Equal(expected, await values.Task.Soon());
        Assert.Equal(expected, (await results.Task.Soon()).Select(item => item.Value));
        Assert.Equal(await gate.Soon(), await job.Soon());
    }

    [Fact]
    public async Task AttachMap_OtherId_ThrowsAndNamesTheRemedy()
    {
        await using var pool = await _durable.OpenAsync();
        var job = await pool.SubmitAsync(() => 1).Soon();

        var single = Assert.Throws<ArgumentException>(() => pool.AttachMap<int>($"{job.Id}"));
        Assert.Contains($"Attach<T>({job.Id})", single.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JobNotFoundException>(() => pool.AttachMap<int>("map:2/1:70000000001-70000000002").Task.Soon());
        await Assert.ThrowsAsync<JobNotFoundException>(() => pool.AttachMap<int>("map:2/1:901-902").Task.Soon());
    }

    /// <summary>The id of a single job, or another result type, must not look like results.</summary>
    [Fact]
    public async Task AttachMap_ResultsOfAnotherType_ThrowsInvalidData()
    {
        await using var pool = await _durable.OpenAsync();
        var map = await pool.SubmitMapAsync(x => $"{x}", [1, 2], chunkSize: 2).Soon();
        var job = await pool.SubmitAsync(() => "a single job").Soon();

        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => pool.AttachMap<long>(map.Id).Task.Soon());
        Assert.Contains("Int64", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidDataException>(() => pool.AttachMap<string>($"map:2/2:{job.Id}").Task.Soon());

        await pool.DisposeAsync();
        await using var again = await _durable.OpenAsync();
        Assert.Equal(["1", "2"], await again.AttachMap<string>(map.Id).Task.Soon());
        Assert.Equal("a single job", await again.Attach<string>(job.Id).Soon());
    }

    [Fact]
    public async Task AttachMap_PoolIsNotDurable_Throws()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var map = await pool.SubmitMapAsync(x => x + 1, [1, 2], chunkSize: 1).Soon();

        Assert.Throws<InvalidOperationException>(() => pool.AttachMap<int>(map.Id));
        Assert.Equal<int[]>([2, 3], await map.Task.Soon());
    }

    [Fact]
    public async Task Cancel_AttachedMap_CancelsItsChunks()
    {
        using var checkpoint = new Checkpoint();
        await using var pool = await _durable.OpenAsync();
        var gate = pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var map = await pool.SubmitMapAsync(x => x, [1, 2], chunkSize: 1).Soon();

        pool.AttachMap<int>(map.Id).Cancel();

        await Assert.ThrowsAsync<JobCanceledException>(() => map.Task.Soon());
        held.Release();
        await gate.Soon();
    }

    /// <inheritdoc/>
    public void Dispose() => _durable.Dispose();
}
