namespace Actors.EndToEnd.Tests.Support;

/// <summary>A pool of two that the tests of a class share; for tests that do it no harm.</summary>
public sealed class WarmPool : IAsyncLifetime
{
    private TestPool? _pool;

    public ProcessPool Pool => _pool!.Pool;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _pool = await (await TestPool.StartAsync(2)).WarmAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        // No test may leave a job behind.
        Assert.Equal(0, Pool.PendingJobs);
        await _pool!.DisposeAsync();
    }
}
