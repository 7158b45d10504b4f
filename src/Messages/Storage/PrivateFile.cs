using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Actors.Messages.Storage;

/// <summary>
/// Creates and opens files that only this user can access, regardless of the umask. A link, or a file of another user, is refused.
/// </summary>
public static partial class PrivateFile
{
    /// <summary>The number of times that <see cref="Open"/> tries a file that is replaced meanwhile.</summary>
    private const int MaxAttempts = 10;

    // Flags of the system call, the same on all processors. Without others, a file is opened for reading.
    private const int NonBlocking = 0x800;
    private const int CloseOnExecution = 0x80000;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Creates a file. The path must not exist, not even as a link.</summary>
    /// <param name="path">The path.</param>
    /// <param name="access">The access.</param>
    /// <param name="share">The access of others while it is open.</param>
    /// <param name="bufferSize">The size of the stream's buffer; 0 for none.</param>
    /// <exception cref="IOException">The path exists, or the system refuses the file.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static FileStream Create(
        string path, FileAccess access = FileAccess.Write, FileShare share = FileShare.Read, int bufferSize = 4096)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = access, Share = share, BufferSize = bufferSize };
        if (OperatingSystem.IsWindows())
            return new FileStream(path, options);
        options.UnixCreateMode = OwnerOnly;
        var file = new FileStream(path, options);
        // The umask may have removed permissions of the owner.
        if (File.GetUnixFileMode(file.SafeFileHandle) != OwnerOnly)
            File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
        return file;
    }

    /// <summary>Creates a file after removing an existing file at its path. A link is removed, not its target.</summary>
    /// <inheritdoc cref="Create"/>
    public static FileStream Replace(
        string path, FileAccess access = FileAccess.Write, FileShare share = FileShare.Read, int bufferSize = 4096)
    {
        File.Delete(path);
        return Create(path, access, share, bufferSize);
    }

    /// <summary>
    /// Gives a complete file its name, unless a file has that name. Only one of several programs succeeds: on Unix,
    /// <see cref="File.Move(string, string)"/> may replace a file that was created after its check.
    /// </summary>
    /// <param name="draft">The complete file, in the same directory. It does not exist afterward.</param>
    /// <param name="path">The name.</param>
    /// <exception cref="IOException">The system refuses it.</exception>
    public static void PublishOnce(string draft, string path)
    {
        if (!OperatingSystem.IsWindows() && CreateHardLink(draft, path) == 0)
        {
            File.Delete(draft);
            return;
        }

        // The name exists, or the file system has no hard links.
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }

    /// <summary>Opens an existing file. In a shared directory another user may have replaced it by a link.</summary>
    /// <param name="path">The path.</param>
    /// <param name="options">The options. The mode must be <see cref="FileMode.Open"/>.</param>
    /// <exception cref="StorageException">
    /// The file is a link, has several names, is not a regular file, or belongs to another user.
    /// </exception>
    /// <exception cref="IOException">The file does not exist, or the system refuses it.</exception>
    public static FileStream Open(string path, FileStreamOptions options) => OpenExisting(path, () => new FileStream(path, options));

    /// <summary>
    /// Opens an existing file for reading as <see cref="Open"/> does, and never waits. Another program of this user, such as a job, could
    /// hold a lease on the file, or exchange it for a pipe.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <exception cref="StorageException">
    /// The file is a link, has several names, is not a regular file, or belongs to another user.
    /// </exception>
    /// <exception cref="IOException">The file does not exist, another program holds a lease on it, or the system refuses it.</exception>
    public static FileStream OpenAtOnce(string path) => OpenExisting(
        path, () => OperatingSystem.IsLinux()
            ? new FileStream(OpenHandle(path), FileAccess.Read, bufferSize: 0)
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0));

    private static FileStream OpenExisting(string path, Func<FileStream> open)
    {
        // Another program of this user may replace the file too, with the same content.
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (OpenUnlessReplaced(path, open) is { } file)
                return file;
        }

        throw CreateRefusal(path, "it was replaced while it was opened");
    }

    /// <returns>The file; null if it was replaced between the check of its name and the opening.</returns>
    private static FileStream? OpenUnlessReplaced(string path, Func<FileStream> open)
    {
        // Checked before opening, because opening a pipe would block.
        var named = UnixEntry.FromPath(path);
        if (named is { } before)
            RequirePlainFile(path, before);
        var file = open();
        try
        {
            if (UnixEntry.FromHandle(file.SafeFileHandle) is { } opened)
            {
                if (named is { } entry && (entry.Inode, entry.Device) != (opened.Inode, opened.Device))
                {
                    file.Dispose();
                    return null;
                }

                RequirePlainFile(path, opened);
                if (opened.HardLinks > 1)
                    throw CreateRefusal(path, "it is a hard link to a file that has other names. Remove it, or choose another path");
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Ensures that a file for another library is private. A missing file is created.</summary>
    /// <exception cref="StorageException">The file is a link, not a regular file, of another user, or writable by others.</exception>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void EnsurePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            Create(path).Dispose();
        }
        catch (IOException) when (UnixEntry.FromPath(path) is not null || File.Exists(path))
        {
            RequirePrivate(path);
        }
    }

    /// <summary>
    /// Checks an existing file, and removes permissions of other users. Does not open it, because closing it would release the locks of
    /// this process on it.
    /// </summary>
    /// <exception cref="StorageException">
    /// The file is a link, not a regular file, of another user, or writable by others.
    /// </exception>
    public static void RequirePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        if (UnixEntry.FromPath(path) is { } entry)
            RequirePlainFile(path, entry);
        var rights = File.GetUnixFileMode(path);
        if ((rights & WritableByOthers) != 0)
        {
            throw CreateRefusal(
                path,
                $"other users can write to it (mode 0{Convert.ToString((int)rights, 8)}). If you trust its content, run: chmod go-rwx "
                + $"'{path}'");
        }

        if (rights != OwnerOnly)
            File.SetUnixFileMode(path, OwnerOnly);
    }

    /// <summary>Lets only this user connect to a socket that was just bound.</summary>
    public static void RestrictSocket(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, OwnerOnly);
    }

    private static SafeFileHandle OpenHandle(string path)
    {
        var handle = OpenFile(path, NonBlocking | CloseOnExecution);
        if (!handle.IsInvalid)
            return handle;
        handle.Dispose();
        throw new IOException($"The file {path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateHardLink(string target, string path);

    private static void RequirePlainFile(string path, UnixEntry entry)
    {
        if (entry.IsLink)
            throw CreateRefusal(path, "it is a link. Remove it, or name the file itself");
        if (!entry.IsFile)
            throw CreateRefusal(path, "it is not a plain file. Remove it, or choose another path");
        if (entry.Owner != UnixEntry.User)
        {
            throw CreateRefusal(
                path, $"it belongs to user {entry.Owner}, and this program runs as user {UnixEntry.User}. Remove it, or choose another "
                    + "path");
        }
    }

    private static StorageException CreateRefusal(string path, string problem) =>
        new($"The file {path} is not used: {problem}.") { Directory = Path.GetDirectoryName(path) ?? path };
}
