using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>A store in a folder of its own, and the durable pool in it, as often as it is opened. Removed with the test.</summary>
internal sealed class DurablePool : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Path => System.IO.Path.Combine(_folder.Path, "jobs.db");

    public Task<ProcessPool> OpenAsync(int processes = 1, PoolOptions? options = null) =>
        ProcessPool.StartAsync(processes, options: (options ?? new PoolOptions()) with { DurableName = "pool", Store = new SqliteStore(Path) });

    /// <inheritdoc/>
    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
