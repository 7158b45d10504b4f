using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Actors.Messages.Storage;

/// <summary>
/// Creates files whose disk blocks are allocated before they are mapped. A file of a given length is sparse without that: a write to its
/// mapped memory needs a block, and on a full disk the system ends the process with SIGBUS.
/// </summary>
public static partial class ReservedFile
{
    private const int BlockLength = 64 * 1024;

    // Values of errno on Linux.
    private const int Interrupted = 4;
    private const int NoSuchDevice = 19;
    private const int InvalidArgument = 22;
    private const int NotImplemented = 38;
    private const int NotSupported = 95;

    /// <summary>Signals interrupt a large allocation, which then starts again.</summary>
    private const int MaxAttempts = 100;

    /// <summary>Creates a file of zeros that only this user can access. If the space cannot be reserved, the file is removed.</summary>
    /// <exception cref="IOException">The file exists, or the system refuses it or its space.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static FileStream Create(string path, long length)
    {
        var file = PrivateFile.Create(path, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            ReserveSpace(file, length);
            return file;
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    private static void ReserveSpace(FileStream file, long length)
    {
        // On Windows, setting the length reserves the space.
        if (OperatingSystem.IsWindows())
            file.SetLength(length);
        else if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || !TryAllocate(file.SafeFileHandle, length))
            WriteZeros(file, length);
    }

    /// <returns>False if the file system does not support it.</returns>
    private static bool TryAllocate(SafeFileHandle file, long length)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            switch (AllocateNative(file, 0, length))
            {
                case 0: return true;
                case Interrupted: continue;
                case NoSuchDevice or InvalidArgument or NotImplemented or NotSupported: return false;
                case var error: throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
            }
        }

        return false;
    }

    private static void WriteZeros(FileStream file, long length)
    {
        var zeros = new byte[Math.Min(length, BlockLength)];
        for (var written = 0L; written < length; written += zeros.Length)
            RandomAccess.Write(file.SafeFileHandle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, length - written)), written);
    }

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int AllocateNative(SafeFileHandle file, long offset, long length);
}
