using System.Runtime.InteropServices;

namespace Actors.Programs;

/// <summary>Disables core dumps. A program of a cluster has keys in its memory, which a dump would contain.</summary>
public static partial class CoreDumps
{
    private const int CoreLimit = 4;

    /// <summary>
    /// The limit in bytes. Linux writes no dump of one byte. With a limit of 0 it would still pass the dump to a program that collects
    /// dumps.
    /// </summary>
    private const ulong Nothing = 1;

    /// <summary>
    /// Disables core dumps of this process and its child processes, which may enable them again. <c>DOTNET_DbgEnableMiniDump=1</c> still
    /// writes dumps of the runtime.
    /// </summary>
    public static void DisableDumps()
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess && GetLimit(CoreLimit, out var limit) == 0)
            _ = SetLimit(CoreLimit, limit with { Current = Math.Min(Nothing, limit.Highest) });
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct ResourceLimit(ulong Current, ulong Highest);
}
