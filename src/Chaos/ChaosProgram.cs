using System.Diagnostics;
using System.Runtime.InteropServices;
using Actors.Remoting.Chaos;
using Actors.WorkerNode.Executors;

namespace Actors.Chaos;

/// <summary>Runs the command <c>chaos</c> of the coordinator as the program of this assembly.</summary>
internal static class ChaosProgram
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "chaos", "Actors.Chaos.dll");

    /// <summary>Runs the program with the console of this one, until it ends.</summary>
    /// <param name="args">The command line, beginning with <c>chaos</c>.</param>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        using var program = Process.Start(
            new ProcessStartInfo(DotNetHost.Path, ["exec", File, .. args]))!;
        // A terminal sends Ctrl-C to both programs; SIGTERM reaches this one only.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            ChaosSignals.Terminate(program.Id);
        });
        await program.WaitForExitAsync().ConfigureAwait(false);
        return program.ExitCode;
    }
}
