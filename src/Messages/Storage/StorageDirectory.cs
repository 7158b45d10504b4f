namespace Actors.Messages.Storage;

/// <summary>A directory in which the library keeps files. Turns errors of the system into <see cref="StorageException"/>.</summary>
/// <param name="Path">The directory; it must exist.</param>
/// <param name="Choice">How a user chooses another one, as a clause: <c>set TMPDIR to …</c>.</param>
internal sealed record StorageDirectory(string Path, string Choice)
{
    /// <summary>Environment variable: the directory for shared memory. Default: <c>/dev/shm</c>, or the temporary directory.</summary>
    public const string SharedMemoryVariable = "ACTORS_SHARED_MEMORY_DIRECTORY";

    private const string InMemory = "/dev/shm";

    // Values of errno on Linux, and of Windows's HRESULT.
    private const int FileTooBig = 27;
    private const int NoSpace = 28;
    private const int OverQuota = 122;
    private const int DiskFullOnWindows = unchecked((int)0x80070070);

    /// <summary>For sockets and progress files.</summary>
    public static StorageDirectory Temporary => new(TemporaryPath, "set TMPDIR to a directory on another file system");

    /// <summary>For shared memory: the one that the user names, or one in memory where the system has such a directory.</summary>
    public static StorageDirectory SharedMemory => new(
        Environment.GetEnvironmentVariable(SharedMemoryVariable) is { Length: > 0 } chosen ? System.IO.Path.GetFullPath(chosen)
            : System.IO.Directory.Exists(InMemory) ? InMemory : TemporaryPath,
        $"mount a larger one (docker run --shm-size), or set {SharedMemoryVariable} to a directory on another file system");

    /// <summary>For code bundles and large arguments and results.</summary>
    /// <param name="path">Where this program keeps them.</param>
    public static StorageDirectory ForCache(string path) =>
        new(path, "set XDG_CACHE_HOME (of a worker node: --cache) to a directory on another file system");

    private static string TemporaryPath => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetTempPath());

    /// <summary>Creates a file whose space is reserved: a full disk fails here, and not when the mapped file is written.</summary>
    /// <param name="path">Where, in this directory or below it.</param>
    /// <param name="length">How many bytes, all zero.</param>
    /// <exception cref="StorageException">The file or its space cannot be had.</exception>
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

    /// <summary>Checks that this many bytes can be written here.</summary>
    /// <exception cref="StorageException">They cannot.</exception>
    public void RequireSpace(long bytes)
    {
        var path = System.IO.Path.Combine(Path, $"actors-{Guid.NewGuid():N}.space");
        CreateFile(path, bytes).Dispose();
        File.Delete(path);
    }

    /// <summary>Whether the directory is to blame, and not its caller.</summary>
    public static bool IsStorageError(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>The exception for an error of the operating system.</summary>
    /// <param name="cause">The error.</param>
    /// <param name="needed">How many bytes were to be written; 0 when that is not known.</param>
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
