namespace Actors.Testing.Tests;

/// <summary>Shared values of test pools, whose jobs run in this process.</summary>
public sealed class ShareTests
{
    [Fact]
    public async Task ShareAsync_InlinePool_GivesJobsACopy() => await RequireCopyAsync(TestPool.Inline());

    [Fact]
    public async Task ShareAsync_SimulatedPool_GivesJobsACopy() => await RequireCopyAsync(TestPool.Simulated(1));

    [Fact]
    public async Task Dispose_BeforeTheJob_FailsTheJob()
    {
        await using var pool = TestPool.Inline();
        var shared = await pool.ShareAsync("text");

        shared.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.ApplyAsync(() => shared.Value).Task);
    }

    private static async Task RequireCopyAsync(TestPool pool)
    {
        await using var disposing = pool;
        var numbers = new List<int> { 1, 2, 3 };
        await using var shared = await pool.ShareAsync(numbers);

        var copy = await pool.ApplyAsync(() => shared.Value.Sum());
        await pool.ApplyAsync(() => shared.Value.Add(4));

        Assert.Equal(6, copy);
        Assert.Equal([1, 2, 3], numbers);
    }
}
