using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Actors.Messages.Storage;

/// <summary>
/// Allocates arrays for large values. On Linux the kernel is advised to use huge pages for them: the first access to each page of 4 KiB can
/// take longer than the copy of its bytes, above all in a virtual machine.
/// </summary>
internal static unsafe partial class LargeArrays
{
    /// <summary>Below this size, few huge pages would fit into the array.</summary>
    private const long SmallestBytes = 8 << 20;

    private const nuint PageSize = 4096;
    private const int UseHugePages = 14;

    /// <summary>Allocates an array of items without references, which must all be written before they are read.</summary>
    public static T[] AllocateUninitialized<T>(int length)
    {
        var array = GC.AllocateUninitializedArray<T>(length);
        var bytes = (long)length * Unsafe.SizeOf<T>();
        if (OperatingSystem.IsLinux() && bytes >= SmallestBytes)
        {
            fixed (byte* first = &Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(array)))
                AdviseHugePages((nuint)first, (nuint)bytes);
        }

        return array;
    }

    private static void AdviseHugePages(nuint address, nuint length)
    {
        var start = (address + PageSize - 1) / PageSize * PageSize;
        // Only an advice: a kernel without huge pages refuses it, and nothing else changes.
        _ = AdviseNative(start, (address + length - start) / PageSize * PageSize, UseHugePages);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int AdviseNative(nuint address, nuint length, int advice);
}
