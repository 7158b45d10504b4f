namespace Actors.Testing.Tests;

/// <summary>Each mode reports the acceptance of jobs.</summary>
public sealed class SubmitTests
{
    [Fact]
    public async Task SubmitAsync_Inline_ReturnsTheHandle()
    {
        await using var pool = TestPool.Inline();

        var job = await pool.SubmitAsync(Jobs.Square, 3);

        Assert.Equal(9, await job);
        Assert.True(job.Accepted.IsCompletedSuccessfully);
        Assert.Equal(1, job.Id);
    }

    [Fact]
    public async Task SubmitAsync_Manual_ReturnsBeforeTheJobRuns()
    {
        await using var pool = TestPool.Manual();

        var job = await pool.SubmitAsync(Jobs.Square, 3);

        Assert.False(job.IsCompleted);
        await pool.DrainAsync();
        Assert.Equal(9, await job);
    }

    [Fact]
    public async Task SubmitAsync_Simulated_ReturnsBeforeTheJobEnds()
    {
        await using var pool = TestPool.Simulated(1);

        var first = await pool.SubmitAsync(SleepAsync);
        var second = await pool.SubmitAsync(SleepAsync);

        Assert.False(first.IsCompleted);
        Assert.InRange(((VirtualClock)pool.Clock).Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        await Task.WhenAll(first, second);
        Assert.True(first.Accepted.IsCompletedSuccessfully);
    }

    /// <summary>Messages and the coordinator are lost while jobs are submitted.</summary>
    [Fact]
    public async Task SubmitAsync_SimulatedWithFaults_ReturnsEachHandle()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var plan = FaultPlan.Create(seed)
                .Add(
                    FaultTrigger.AtTime(TimeSpan.FromSeconds(1)),
                    Fault.DropMessages(TimeSpan.FromMinutes(10), NetworkLinks.Client, probability: 0.3))
                .Add(FaultTrigger.AtTime(TimeSpan.FromSeconds(30)), Fault.RestartCoordinator(TimeSpan.FromSeconds(5)));
            await using var pool = TestPool.Simulated(plan: plan);
            for (var i = 0; i < 10; i++)
            {
                var job = await pool.SubmitAsync(Jobs.Square, i);
                Assert.True(job.Accepted.IsCompletedSuccessfully);
                await Task.Delay(TimeSpan.FromSeconds(5), pool.Clock);
                Assert.Equal(i * i, await job);
            }
        }
    }

    [Fact]
    public async Task SubmitAsync_Processes_ReturnsBeforeTheJobEnds()
    {
        await using var pool = await TestPool.StartAsync(1);

        var job = await pool.SubmitAsync(Jobs.Square, 3);

        Assert.Equal(9, await job);
        pool.Close();
        await Assert.ThrowsAsync<InvalidOperationException>(() => pool.SubmitAsync(Jobs.Square, 3));
    }

    [Fact]
    public async Task SubmitAsync_PoolIsClosed_Throws()
    {
        await using var inline = TestPool.Inline();
        inline.Close();
        await Assert.ThrowsAsync<InvalidOperationException>(() => inline.SubmitAsync(Jobs.Square, 3));
        await using var simulated = TestPool.Simulated(1);
        simulated.Close();
        await Assert.ThrowsAsync<InvalidOperationException>(() => simulated.SubmitAsync(Jobs.Square, 3));
    }

    private static Task SleepAsync() => Task.Delay(TimeSpan.FromMinutes(1), VirtualClock.Current);
}
