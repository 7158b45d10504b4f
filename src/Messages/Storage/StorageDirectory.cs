namespace Actors.Messages.Storage;

/// <summary>A directory for files of the library. Converts errors of the system to <see cref="StorageException"/>.</summary>
/// <param name="Path">The directory; it must exist.</param>
/// <param name="Choice">The instruction to choose another directory, as a clause: <c>set TMPDIR to …</c>.</param>
public sealed record StorageDirectory(string Path, string Choice)
{
    /// <summary>Environment variable: the directory for shared memory. Default: <c>/dev/shm</c>, or the temporary directory.</summary>
    public const string SharedMemoryVariable = "ACTORS_SHARED_MEMORY_DIRECTORY";

    private const string InMemory = "/dev/shm";

    // Values of errno on Linux, and of Windows's HRESULT.
    private const int FileTooBig = 27;
    private const int NoSpace = 28;
    private const int OverQuota = 122;
    private const int DiskFullOnWindows = unchecked((int)0x80070070);

    /// <summary>The directory for sockets and progress files.</summary>
    public static StorageDirectory Temporary => new(TemporaryPath, "set TMPDIR to a directory on another file system");

    /// <summary>The directory for shared memory: that of the user, or one in memory if the system has it.</summary>
    public static StorageDirectory SharedMemory => new(
        Environment.GetEnvironmentVariable(SharedMemoryVariable) is { Length: > 0 } chosen ? System.IO.Path.GetFullPath(chosen)
            : System.IO.Directory.Exists(InMemory) ? InMemory : TemporaryPath,
        $"mount a larger one (docker run --shm-size), or set {SharedMemoryVariable} to a directory on another file system");

    /// <summary>Gets the directory for code bundles and large arguments and results.</summary>
    /// <param name="path">The path of the directory.</param>
    public static StorageDirectory ForCache(string path) =>
        new(path, "set XDG_CACHE_HOME (of a worker node: --cache) to a directory on another file system");

    private static string TemporaryPath => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetTempPath());

    /// <summary>Creates a file with reserved space. A full disk fails here, not on a later write to the mapped file.</summary>
    /// <param name="path">The path, in this directory or below it.</param>
    /// <param name="length">The length in bytes. All bytes are zero.</param>
    /// <exception cref="StorageException">The file or its space could not be allocated.</exception>
    /// <exception cref="IOException">The file exists.</exception>
    public FileStream CreateFile(string path, long length)
    {
        try
        {
            return ReservedFile.Create(path, length);
        }
        catch (Exception exception) when (IsStorageError(exception) && !File.Exists(path))
        {
            throw CreateException(exception, length);
        }
    }

    /// <summary>Checks that a number of bytes can be written to this directory.</summary>
    /// <exception cref="StorageException">The directory lacks the space or is not writable.</exception>
    public void RequireSpace(long bytes)
    {
        var path = System.IO.Path.Combine(Path, $"actors-{Guid.NewGuid():N}.space");
        CreateFile(path, bytes).Dispose();
        File.Delete(path);
    }

    /// <summary>Whether an exception is an error of the directory, not of the caller.</summary>
    public static bool IsStorageError(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Creates the exception for an error of the operating system.</summary>
    /// <param name="cause">The error.</param>
    /// <param name="needed">The number of bytes to be written; 0 if unknown.</param>
    public StorageException CreateException(Exception cause, long needed)
    {
        if (cause is StorageException known)
            return known;
        var free = FreeBytes();
        var (problem, remedy) = cause switch
        {
            _ when !System.IO.Directory.Exists(Path) => ("there is no such directory", "Create it"),
            UnauthorizedAccessException => ("this user may not write there", "Change its permissions"),
            { HResult: NoSpace or OverQuota or FileTooBig or DiskFullOnWindows } =>
                ($"{DescribeNeeded(needed)}{(free is { } bytes ? $"{bytes:N0}" : "too few")} are free "
                    + $"({cause.Message})", "Free some space"),
            _ => (cause.Message, "Make it writable"),
        };
        return new StorageException($"Cannot write to {Path}: {problem}. {remedy}, or {Choice}.", cause)
        {
            Directory = Path,
            NeededBytes = needed,
            FreeBytes = free,
        };
    }

    private static string DescribeNeeded(long bytes) => bytes > 0 ? $"{bytes:N0} bytes are needed and " : "more bytes are needed than ";

    private long? FreeBytes()
    {
        try
        {
            return new DriveInfo(Path).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
