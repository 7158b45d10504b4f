using Actors;
using Actors.Testing;
using Xunit;

public class Tests
{
    [Fact]
    public async Task RealPool_RunsAFunction()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        Assert.NotEqual(Environment.ProcessId, await pool.ApplyAsync(() => Environment.ProcessId));
    }

    [Fact]
    public async Task TestPool_RunsAFunction()
    {
        await using var pool = TestPool.Inline();
        int[] doubled = await pool.MapAsync(x => 2 * x, [1, 2]);
        Assert.Equal([2, 4], doubled);
    }
}
