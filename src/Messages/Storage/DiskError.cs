using System.Runtime.InteropServices;

namespace Actors.Messages.Storage;

/// <summary>Describes errors of a disk to other programs. The messages of the system name paths, and so users, of this machine.</summary>
public static class DiskError
{
    private const int MostErrorNumbers = 4096;

    /// <summary>Describes an error in a few words without paths, such as "No space left on device".</summary>
    public static string Describe(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "a file is missing",
        UnauthorizedAccessException => "access to a file is denied",
        StorageException { InnerException: { } cause } => Describe(cause),
        // On Unix the number of the system's error.
        IOException { HResult: > 0 and < MostErrorNumbers } => Marshal.GetPInvokeErrorMessage(exception.HResult),
        _ => "a file cannot be used",
    };
}
