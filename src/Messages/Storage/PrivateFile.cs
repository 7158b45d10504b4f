namespace Actors.Messages.Storage;

/// <summary>
/// Files that this user alone can open, whatever the umask. A link, or a file of another user, in place of such a file is refused.
/// </summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Creates a file. Nothing may be at its path, no link either.</summary>
    /// <param name="path">The path.</param>
    /// <param name="access">What it is opened for.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <param name="bufferSize">The stream's buffer; 0 for none.</param>
    /// <exception cref="IOException">There is something, or the system refuses it.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static FileStream Create(
        string path, FileAccess access = FileAccess.Write, FileShare share = FileShare.Read, int bufferSize = 4096)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = access, Share = share, BufferSize = bufferSize };
        if (OperatingSystem.IsWindows())
            return new FileStream(path, options);
        options.UnixCreateMode = OwnerOnly;
        var file = new FileStream(path, options);
        // The umask may have taken rights of the owner away.
        if (File.GetUnixFileMode(file.SafeFileHandle) != OwnerOnly)
            File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
        return file;
    }

    /// <summary>As <see cref="Create"/>; what is at the path goes first. A link goes, and not what it leads to.</summary>
    /// <inheritdoc cref="Create"/>
    public static FileStream Replace(
        string path, FileAccess access = FileAccess.Write, FileShare share = FileShare.Read, int bufferSize = 4096)
    {
        File.Delete(path);
        return Create(path, access, share, bufferSize);
    }

    /// <summary>Opens an existing file. In a shared directory another user may have put a link in its place.</summary>
    /// <param name="path">The path.</param>
    /// <param name="options">How; the mode must be <see cref="FileMode.Open"/>.</param>
    /// <exception cref="StorageException">It is a link, has several names, is no plain file, or belongs to another user.</exception>
    /// <exception cref="IOException">It does not exist, or the system refuses it.</exception>
    public static FileStream Open(string path, FileStreamOptions options)
    {
        // Opening a pipe would wait.
        var named = UnixEntry.FromPath(path);
        if (named is { } before)
            RequirePlainFile(path, before);
        var file = new FileStream(path, options);
        try
        {
            if (UnixEntry.FromHandle(file.SafeFileHandle) is { } opened)
            {
                RequirePlainFile(path, opened);
                if (opened.HardLinks > 1)
                    throw CreateRefusal(path, "it is a hard link to a file that has other names. Remove it, or choose another path");
                if (named is { } entry && (entry.Inode, entry.Device) != (opened.Inode, opened.Device))
                    throw CreateRefusal(path, "it was replaced while it was opened");
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that a file that another library writes is private: it is created where it is missing.</summary>
    /// <exception cref="StorageException">It is a link, no plain file, of another user, or others can write to it.</exception>
    /// <exception cref="IOException">It cannot be created.</exception>
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
    /// Checks a file that is there, and takes the right to read it from others. Does not open it: closing it again would end the locks that
    /// this process has on it.
    /// </summary>
    /// <exception cref="StorageException">It is a link, no plain file, of another user, or others can write to it.</exception>
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
                $"other users can write to it (mode 0{Convert.ToString((int)rights, 8)}). If you trust what is in it, run: chmod go-rwx "
                + $"'{path}'");
        }

        if (rights != OwnerOnly)
            File.SetUnixFileMode(path, OwnerOnly);
    }

    /// <summary>Lets this user alone connect to a socket that was just bound.</summary>
    public static void RestrictSocket(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, OwnerOnly);
    }

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
