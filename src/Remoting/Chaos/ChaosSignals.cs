using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Actors.Remoting.Chaos;

/// <summary>The signals with which faults stop, continue and kill processes.</summary>
public static partial class ChaosSignals
{
    private const int KillSignal = 9;
    private const int TerminateSignal = 15;
    private const int StopSignal = 19;
    private const int ContinueSignal = 18;

    /// <summary>Describes why this process cannot send itself signals; null if it can.</summary>
    public static string? FindObstacle()
    {
        if (OperatingSystem.IsWindows())
            return "Windows has no signals. Run the program on Linux.";
        // The kernel ignores signals that the first process of a container sends to itself.
        return Environment.ProcessId == 1
            ? "it is the first process of its container, which ignores its own signals. Start the container with an init process "
                + "(init: true, or shareProcessNamespace in Kubernetes)."
            : null;
    }

    /// <summary>Kills a process.</summary>
    public static void Kill(int process) => _ = SendSignal(process, KillSignal);

    /// <summary>Asks a process to end.</summary>
    public static void Terminate(int process) => _ = SendSignal(process, TerminateSignal);

    /// <summary>Stops another process until <see cref="Continue"/>.</summary>
    public static void Stop(int process) => _ = SendSignal(process, StopSignal);

    /// <summary>Continues a stopped process.</summary>
    public static void Continue(int process) => _ = SendSignal(process, ContinueSignal);

    /// <summary>Stops this process for a time. A stopped process cannot continue itself, so a child process does it.</summary>
    /// <exception cref="Win32Exception">There is no shell.</exception>
    public static void StopSelf(TimeSpan duration)
    {
        var seconds = duration.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        var script = $"kill -STOP {Environment.ProcessId}; sleep {seconds}; kill -CONT {Environment.ProcessId}";
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
