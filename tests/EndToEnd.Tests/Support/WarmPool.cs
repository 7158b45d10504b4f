namespace Actors.EndToEnd.Tests.Support;

/// <summary>A pool of two workers that the tests of a class share. The tests must not kill its workers.</summary>
public sealed class WarmPool : IAsyncLifetime
{
    private TestPool? _pool;

    public ProcessPool Pool => _pool!.Pool;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _pool = await (await TestPool.StartAsync(2)).WarmAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        // Each test must wait for the end of its jobs.
        Assert.Equal(0, Pool.PendingJobs);
        await _pool!.DisposeAsync();
    }
}
