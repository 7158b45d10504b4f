using System.Runtime.InteropServices;

namespace Actors.EndToEnd.Client;

/// <summary>How large this process may make a file: as though the disk were full.</summary>
internal static partial class FileSizeLimit
{
    private const int FileSize = 1; // RLIMIT_FSIZE
    private const int Signal = 25; // SIGXFSZ, which would end the process
    private const nint Ignored = 1; // SIG_IGN

    public static void Set(long bytes)
    {
        _ = IgnoreSignal(Signal, Ignored);
        var limit = new Limit(bytes, bytes);
        if (SetLimit(FileSize, in limit) != 0)
            throw new InvalidOperationException("The limit cannot be set.");
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint IgnoreSignal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    private readonly record struct Limit(long Soft, long Hard);
}
