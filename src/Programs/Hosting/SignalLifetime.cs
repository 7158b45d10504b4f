using Microsoft.Extensions.Hosting;

namespace Actors.Programs.Hosting;

/// <summary>Stops the host at the first Ctrl-C or SIGTERM, and ends the process at the second.</summary>
/// <param name="lifetime">The lifetime of the program.</param>
public sealed class SignalLifetime(IHostApplicationLifetime lifetime) : IHostLifetime, IDisposable
{
    private readonly StopSignals _signals = new();

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Requested.ContinueWith(
            _ => lifetime.StopApplication(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _signals.Dispose();
}
