using System.Runtime.InteropServices;

namespace Actors.EndToEnd.Client;

/// <summary>Limits the size of files that this process writes, to simulate a full disk.</summary>
internal static partial class FileSizeLimit
{
    private const int FileSize = 1; // RLIMIT_FSIZE
    private const int Signal = 25; // SIGXFSZ, which ends the process by default
    private const nint Ignored = 1; // SIG_IGN

    public static void Set(long bytes)
    {
        _ = IgnoreSignal(Signal, Ignored);
        var limit = new Limit(bytes, bytes);
        if (SetLimit(FileSize, in limit) != 0)
            throw new InvalidOperationException("Cannot set the file size limit (RLIMIT_FSIZE).");
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint IgnoreSignal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    private readonly record struct Limit(long Soft, long Hard);
}
