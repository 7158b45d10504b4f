using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>A store in a temporary folder, and a durable pool in it that can be opened several times.</summary>
internal sealed class DurablePool : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Path => System.IO.Path.Combine(_folder.Path, "jobs.db");

    public DurableJobs Jobs => new("pool", store: new SqliteStore(Path));

    public Task<ProcessPool> OpenAsync(int processes = 1, PoolOptions? options = null) =>
        ProcessPool.StartAsync(
            processes, options: (options ?? new PoolOptions()) with { DurableName = "pool", Store = new SqliteStore(Path) });

    public Task<bool> CloseAsync(bool cancelPending = false) =>
        ProcessPool.CloseAsync("pool", store: new SqliteStore(Path), cancelPending: cancelPending);

    /// <inheritdoc/>
    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
