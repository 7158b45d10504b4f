using System.Runtime.InteropServices;

namespace Actors.Hosting;

/// <summary>Ctrl-C and SIGTERM as a task: the first asks to stop, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private const int Interrupted = 130;

    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
    ];

    /// <summary>Ends when one of them has come.</summary>
    public Task Requested => _requested.Task;

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_requested.TrySetResult())
            Environment.Exit(Interrupted);
    }
}
