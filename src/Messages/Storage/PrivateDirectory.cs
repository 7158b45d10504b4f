using System.Runtime.Versioning;

namespace Actors.Messages.Storage;

/// <summary>
/// Directories that this user alone can enter, whatever the umask. One that another user owns or could have written to is refused: code and
/// results are read from there.
/// </summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>
    /// Creates a directory, and the missing ones above it, for this user alone. One of this user that others can only read becomes private.
    /// </summary>
    /// <returns>The full path.</returns>
    /// <exception cref="StorageException">It, or one above it, belongs to another user or can be written by others.</exception>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static string Create(string path) => Create(path, isOfAnybody: false);

    /// <summary>
    /// Creates the missing directories above a path for this user alone, and checks that no other user can replace what is at the path.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="isOfAnybody">
    /// Whether directories of another user are accepted where this one is root: in a container it works on what users have mounted. Not for
    /// code.
    /// </param>
    /// <inheritdoc cref="Create(string)"/>
    public static void CreateParents(string path, bool isOfAnybody = false)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is not { } parent)
            return;
        if (!Directory.Exists(parent))
            Create(parent, isOfAnybody);
        RequireSafe(parent, isOfAnybody);
    }

    /// <summary>
    /// Checks that no other user can replace what is in a directory: by its own rights, and by those of the ones above it.
    /// </summary>
    /// <exception cref="StorageException">Another user can.</exception>
    public static void RequireSafe(string path, bool isOfAnybody = false)
    {
        for (string? above = Path.GetFullPath(path); above is not null; above = Path.GetDirectoryName(above))
            RequireSafeParent(above, isOfAnybody && UnixEntry.User == 0);
    }

    private static string Create(string path, bool isOfAnybody)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (OperatingSystem.IsWindows())
        {
#pragma warning disable RS0030 // There are no modes; a user's directories are that user's.
            return Directory.CreateDirectory(path).FullName;
#pragma warning restore RS0030
        }

        CreateParents(path, isOfAnybody);
        Directory.CreateDirectory(path, OwnerOnly);
        Require(path);
        return path;
    }

    /// <summary>The umask may have taken rights of the owner away; and another may have created it in the meantime.</summary>
    [UnsupportedOSPlatform("windows")]
    private static void Require(string path)
    {
        var entry = UnixEntry.At(path);
        if (entry is { IsLink: true, Owner: var owner } && owner != UnixEntry.User && owner != 0)
            throw Refusal(path, $"it is a link of user {owner}");
        entry = UnixEntry.At(path, follows: true);
        if (entry is { } found && found.Owner != UnixEntry.User)
            throw Refusal(path, $"it belongs to user {found.Owner}, and this program runs as user {UnixEntry.User}");
        var rights = entry?.Rights ?? File.GetUnixFileMode(path);
        if (entry is { IsSticky: true } && (rights & WritableByOthers) != 0)
        {
            throw Refusal(
                path, "it is shared with other users", $"Create one below it, for example: mkdir -m 700 '{Path.Combine(path, "actors")}'");
        }

        if ((rights & WritableByOthers) != 0)
        {
            throw Refusal(
                path, $"other users can write to it (mode 0{Convert.ToString((int)rights, 8)}), and may have changed what is in it",
                $"Remove it, or, if you trust what is in it, run: chmod -R go-rwx '{path}'");
        }

        if (rights != OwnerOnly)
            File.SetUnixFileMode(path, OwnerOnly);
    }

    /// <summary>Who can rename a directory's entries can put own ones in their place.</summary>
    private static void RequireSafeParent(string path, bool isOfAnybody)
    {
        if (UnixEntry.At(path, follows: true) is not { } entry)
            return;
        if (entry.Owner != 0 && entry.Owner != UnixEntry.User && !isOfAnybody)
        {
            throw Refusal(
                path, $"it belongs to user {entry.Owner}, who can replace what is in it, and this program runs as user {UnixEntry.User}");
        }

        var isWritable = (entry.Rights & UnixFileMode.OtherWrite) != 0
            || ((entry.Rights & UnixFileMode.GroupWrite) != 0 && entry.Group != 0 && entry.Group != UnixEntry.UserGroup);
        if (isWritable && !entry.IsSticky && !IsVolume(path, entry))
        {
            throw Refusal(
                path, $"other users can replace what is in it (mode {entry.RightsText}, without the sticky bit)",
                $"Run: chmod go-w '{path}'");
        }
    }

    /// <summary>A volume of a container, such as an emptyDir of Kubernetes, has mode 0777 and one user.</summary>
    private static bool IsVolume(string path, UnixEntry entry) =>
        entry.Owner == 0 && UnixEntry.At(Path.Combine(path, "..")) is { } above && above.Device != entry.Device;

    private static StorageException Refusal(
        string path, string problem, string remedy = "Remove it, or run this program as the user it belongs to") =>
        new($"The directory {path} is not used: {problem}. {remedy}, or choose another directory.") { Directory = path };
}
