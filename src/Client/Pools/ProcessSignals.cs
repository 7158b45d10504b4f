using System.Runtime.InteropServices;

namespace Actors.Pools;

/// <summary>Sends signals to processes of this machine.</summary>
internal static partial class ProcessSignals
{
    /// <summary>Returns the number of the signal on this operating system.</summary>
    public static int GetNumber(WorkerSignal signal) => signal switch
    {
        WorkerSignal.Kill => 9,
        WorkerSignal.Terminate => 15,
        WorkerSignal.Stop => OperatingSystem.IsMacOS() ? 17 : 19,
        WorkerSignal.Continue => OperatingSystem.IsMacOS() ? 19 : 18,
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, $"{signal} is not a {nameof(WorkerSignal)}."),
    };

    /// <summary>Sends a signal. Does nothing when the process has ended.</summary>
    public static void SendSignal(int processId, WorkerSignal signal) => _ = Kill(processId, GetNumber(signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
