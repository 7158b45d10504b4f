namespace Actors.Messages.Jobs;

/// <summary>The place in which jobs run: a worker of a pool on a node. Disposed at the worker's orderly end.</summary>
/// <param name="PoolName">The name of the pool; null for none.</param>
/// <param name="NodeName">The name of the node.</param>
/// <param name="Clock">The clock that limits jobs.</param>
/// <param name="SendProgress">Sends a value that a job has reported.</param>
/// <param name="SendsInline">Whether sending never blocks.</param>
public sealed record JobSite(
    string? PoolName, string NodeName, TimeProvider Clock, Action<JobId, ProgressValue> SendProgress, bool SendsInline = false)
    : IAsyncDisposable
{
    /// <summary>The least level of the log records that jobs send, plus 1; 0 if they send none.</summary>
    public int LogsFrom { get; init; }

    /// <summary>The services of the worker; null for none. Set before the first job.</summary>
    public IWorkerServices? Services { get; set; }

    /// <summary>The state of the worker; null for none. Set before the first job.</summary>
    public object? State { get; set; }

    /// <summary>Disposes the state, and then the services, which were created before it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (State is IAsyncDisposable disposable)
                await disposable.DisposeAsync().ConfigureAwait(false);
            else
                (State as IDisposable)?.Dispose();
        }
        finally
        {
            if (Services is not null)
                await Services.DisposeAsync().ConfigureAwait(false);
        }
    }
}
