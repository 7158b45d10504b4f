namespace Actors.Cluster.Tests.Programs;

/// <summary>Restarts programs that end, as a compose file with a restart policy does, until it is disposed.</summary>
internal sealed class Supervisor : IDisposable
{
    private readonly Lock _access = new();
    private bool _isStopped;

    /// <summary>Starts a program, and starts it again each time that it ends.</summary>
    /// <returns>The program of the first start.</returns>
    public RoleProcess Supervise(Func<RoleProcess> start)
    {
        var first = start();
        _ = RestartAsync(first, start);
        return first;
    }

    /// <summary>Starts nothing more, also not concurrently with the end of this call.</summary>
    public void Dispose()
    {
        lock (_access)
            _isStopped = true;
    }

    private async Task RestartAsync(RoleProcess program, Func<RoleProcess> start)
    {
        while (true)
        {
            await program.EndedAsync();
            lock (_access)
            {
                if (_isStopped)
                    return;
                program = start();
            }
        }
    }
}
