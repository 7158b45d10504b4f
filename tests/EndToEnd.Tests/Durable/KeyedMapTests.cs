using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Maps with keys in a local durable pool.</summary>
public sealed class KeyedMapTests : IDisposable
{
    private readonly DurablePool _durable = new();
    private readonly TempFolder _runs = new();

    /// <summary>Three results had arrived at the program that is killed. They are not computed again.</summary>
    [LongFact]
    public async Task Map_ProgramIsKilledAndMapsAgain_ReturnsAllResultsInOrder()
    {
        using (var client = ClientProgram.StartTestClient("map", _durable.Path, _runs.Path))
        {
            Assert.Equal("3 left", await client.Output.ReadLineAsync().Soon() ?? await client.Error.ReadToEndAsync().Soon());
            client.Kill();
            await client.ExitAsync();
        }

        File.WriteAllText(Path.Combine(_runs.Path, "release"), "");
        using var again = ClientProgram.StartTestClient("map", _durable.Path, _runs.Path);
        await again.Output.ReadLineAsync().Soon();
        Assert.Equal("0 2 4 6 8 10", await again.Output.ReadLineAsync().Soon() ?? await again.Error.ReadToEndAsync().Soon());
        await again.ExitAsync();
        Assert.Equal(
            [1, 1, 1, 2, 1, 1], Enumerable.Range(0, 6).Select(item => File.ReadAllLines(Path.Combine(_runs.Path, $"{item}")).Length));
    }

    [Theory]
    [InlineData(ResultAcknowledgment.WhenReceived)]
    [InlineData(ResultAcknowledgment.Explicit)]
    public async Task Map_SameKeyTwice_RunsEachItemOnceAndForgetsTheKeys(ResultAcknowledgment acknowledgment)
    {
        using var checkpoint = new Checkpoint();
        await using var pool = await _durable.OpenAsync(options: new PoolOptions { Acknowledgment = acknowledgment });
        var gate = pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var options = new JobOptions { Key = "map" };

        var first = pool.MapAsync(Record, [1, 2, 3], chunkSize: 2, options);
        var second = pool.MapResultsAsync(Record, [1, 2, 3], chunkSize: 2, options);
        held.Release();

        var ids = await first.Soon();
        Assert.Equal(ids, (await second.Soon()).Select(item => item.Value));
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(held.ProcessId, await gate.Soon());
        gate.Acknowledge();
        await pool.CompleteAsync().Soon();
        await pool.DisposeAsync();
        Assert.Empty(await new DurableJobs("pool", store: new SqliteStore(_durable.Path)).ListAsync().Soon());
    }

    [Fact]
    public async Task Map_SameKeyWithOtherItems_FailsAndNamesTheKey()
    {
        using var checkpoint = new Checkpoint();
        await using var pool = await _durable.OpenAsync();
        var gate = pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var options = new JobOptions { Key = "map" };
        var first = pool.MapAsync(Record, [1, 2], chunkSize: 1, options);

        var second = pool.MapAsync(Record, [1, 3], chunkSize: 1, options);
        held.Release();

        Assert.Equal("map#1", (await Assert.ThrowsAsync<JobKeyConflictException>(() => second.Soon())).Key);
        Assert.Equal(2, (await first.Soon()).Length);
        Assert.Equal(held.ProcessId, await gate.Soon());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _durable.Dispose();
        _runs.Dispose();
    }

    private static Guid Record(int item) => Guid.NewGuid();
}
