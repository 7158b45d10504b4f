using Microsoft.Extensions.Hosting;

namespace Actors.Programs.Hosting;

/// <summary>The service that a program consists of: the program ends when it ends.</summary>
/// <param name="exit">Receives the exit code.</param>
/// <param name="lifetime">The lifetime of the program.</param>
public abstract class ProgramService(ProgramExit exit, IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stoppingToken.Register(() => stop.TrySetResult()).ConfigureAwait(false);
        exit.Code = await RunAsync(stop.Task).ConfigureAwait(false);
        lifetime.StopApplication();
    }

    /// <summary>Runs the program.</summary>
    /// <param name="stop">Completes when the program is asked to stop.</param>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(Task stop);
}
