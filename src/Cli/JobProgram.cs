using System.Diagnostics;
using System.Runtime.InteropServices;
using Actors.Remoting.Chaos;
using Actors.WorkerNode.Executors;

namespace Actors.Cli;

/// <summary>Runs a program whose code travels to nodes, from the directory <c>jobs</c> beside this tool.</summary>
internal static class JobProgram
{
    /// <summary>The directory of the programs.</summary>
    public static string DirectoryPath { get; } = Path.Combine(AppContext.BaseDirectory, "jobs");

    /// <summary>Runs a program with the console of this one, until it ends.</summary>
    /// <param name="assembly">The path of its assembly.</param>
    /// <param name="args">The command line.</param>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(string assembly, IEnumerable<string> args)
    {
        using var program = Process.Start(new ProcessStartInfo(DotNetHost.Path, ["exec", assembly, .. args]))!;
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
