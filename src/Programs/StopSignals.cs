using System.Runtime.InteropServices;

namespace Actors.Programs;

/// <summary>Provides Ctrl-C and SIGTERM as a task. The first signal requests a stop; the second ends the process at once.</summary>
public sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenRegistration _cancellation;

    /// <param name="cancellationToken">Requests a stop too.</param>
    public StopSignals(CancellationToken cancellationToken = default)
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
        _cancellation = cancellationToken.Register(() => _requested.TrySetResult());
    }

    /// <summary>Completes at the first signal, or when the token is canceled.</summary>
    public Task Requested => _requested.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        _cancellation.Dispose();
        Array.ForEach(_registrations, registration => registration.Dispose());
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_requested.TrySetResult())
            Environment.Exit(ExitCode.Interrupted);
    }
}
