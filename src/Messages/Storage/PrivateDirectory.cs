using System.Runtime.Versioning;

namespace Actors.Messages.Storage;

/// <summary>
/// Creates directories that only this user can access, regardless of the umask. A directory that another user owns or can access is
/// refused, because code and results are read from it.
/// </summary>
public static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Creates a directory, and missing directories above it, with mode 0700. An existing directory must have that mode.</summary>
    /// <returns>The full path.</returns>
    /// <exception cref="StorageException">
    /// The directory exists and other users have access to it, or another user can replace it.
    /// </exception>
    /// <exception cref="IOException">The directory cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static string Create(string path) => Create(path, allowsVolumes: false);

    /// <summary>Creates the missing directories above a path with mode 0700, and checks that no other user can replace the file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="allowsVolumes">See <see cref="TrustedPath.RequireTrusted(string, bool)"/>.</param>
    /// <inheritdoc cref="Create(string)"/>
    public static void CreateParents(string path, bool allowsVolumes = false)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is not { } parent)
            return;
        if (!Directory.Exists(parent))
            Create(parent, allowsVolumes);
        TrustedPath.RequireTrusted(parent, allowsVolumes);
    }

    /// <summary>Creates the exception for a directory that must not be used.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="problem">The problem, as a clause.</param>
    /// <param name="remedy">The remedy, as a sentence without its end.</param>
    public static StorageException CreateRefusal(
        string path, string problem, string remedy = "Remove it, or run this program as the user it belongs to")
    {
        var kind = File.Exists(path) ? "file" : "directory";
        return new($"The {kind} {path} is not used: {problem}. {remedy}, or choose another {kind}.") { Directory = path };
    }

    private static string Create(string path, bool allowsVolumes)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (OperatingSystem.IsWindows())
        {
#pragma warning disable RS0030 // Windows has no modes; a user's directories are private.
            return Directory.CreateDirectory(path).FullName;
#pragma warning restore RS0030
        }

        CreateParents(path, allowsVolumes);
        Directory.CreateDirectory(path, OwnerOnly);
        RequirePrivate(path);
        return path;
    }

    [UnsupportedOSPlatform("windows")]
    private static void RequirePrivate(string path)
    {
        if (UnixEntry.FromPath(path) is { IsLink: true })
            TrustedPath.RequireTrusted(path);
        var entry = UnixEntry.FromPath(path, follows: true);
        if (entry is { } found && found.Owner != UnixEntry.User)
            throw CreateRefusal(path, $"it belongs to user {found.Owner}, and this program runs as user {UnixEntry.User}");
        var rights = entry?.Rights ?? File.GetUnixFileMode(path);
        if ((rights & ~OwnerOnly) != 0)
            throw CreateRefusal(path, rights, entry is { IsSticky: true });
        // The umask may have removed permissions of the owner.
        if (rights != OwnerOnly)
            File.SetUnixFileMode(path, OwnerOnly);
    }

    private static StorageException CreateRefusal(string path, UnixFileMode rights, bool isSticky)
    {
        var mode = $"mode 0{Convert.ToString((int)rights, 8)}";
        if ((rights & WritableByOthers) == 0)
            return CreateRefusal(path, $"other users can read it ({mode})", $"Run: chmod -R go-rwx '{path}'");
        return isSticky
            ? CreateRefusal(
                path, "it is shared with other users", $"Create one below it, for example: mkdir -m 700 '{Path.Combine(path, "actors")}'")
            : CreateRefusal(
                path, $"other users can write to it ({mode}), and may have changed its content",
                $"Remove it, or, if you trust its content, run: chmod -R go-rwx '{path}'");
    }
}
