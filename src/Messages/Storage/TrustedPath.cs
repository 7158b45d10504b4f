namespace Actors.Messages.Storage;

/// <summary>
/// Checks that no other user can replace a file or directory. Whoever can rename the entries of a directory above it, or redirect a link on
/// the way, can put another one in its place.
/// </summary>
internal static class TrustedPath
{
    /// <summary>The most links that Linux follows on the way to a file.</summary>
    private const int MaxLinks = 40;

    /// <summary>Checks a directory and all directories and links above it. A missing one is skipped.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="allowsVolumes">
    /// Whether root may use directories of another user on a volume of that user, such as a bind mount of a container. The owner can change
    /// what is stored there, so this is not for code.
    /// </param>
    /// <exception cref="StorageException">Another user can replace what is in the directory.</exception>
    public static void RequireTrusted(string path, bool allowsVolumes = false) =>
        RequireTrusted(Path.GetFullPath(path), allowsVolumes, MaxLinks);

    private static void RequireTrusted(string path, bool allowsVolumes, int links)
    {
        for (var above = path; above is not null; above = Path.GetDirectoryName(above))
        {
            if (UnixEntry.FromPath(above) is not { } entry)
                continue;
            if (entry.IsLink)
                RequireLink(above, entry, allowsVolumes, links);
            else
                RequireDirectory(above, entry, allowsVolumes && UnixEntry.User == 0);
        }
    }

    private static void RequireLink(string path, UnixEntry link, bool allowsVolumes, int links)
    {
        if (links == 0)
            throw PrivateDirectory.CreateRefusal(path, "there are too many links on the way to it");
        if (!link.IsOwnedByUserOrRoot)
            throw PrivateDirectory.CreateRefusal(path, $"it is a link of user {link.Owner}, who can change where it leads");
        if (new FileInfo(path).LinkTarget is { } target)
            RequireTrusted(Path.GetFullPath(target, Path.GetDirectoryName(path)!), allowsVolumes, links - 1);
    }

    private static void RequireDirectory(string path, UnixEntry entry, bool allowsVolumes)
    {
        var isVolumeOfOther = allowsVolumes && IsOnVolumeOf(path, entry.Owner);
        if (!entry.IsOwnedByUserOrRoot && !isVolumeOfOther)
        {
            throw PrivateDirectory.CreateRefusal(
                path, $"it belongs to user {entry.Owner}, who can replace what is in it, and this program runs as user {UnixEntry.User}");
        }

        if (entry.IsWritableByOthers(isVolumeOfOther ? entry.Owner : UnixEntry.User) && !entry.IsSticky && !IsRootsVolume(path, entry))
        {
            throw PrivateDirectory.CreateRefusal(
                path, $"other users can replace what is in it (mode {entry.RightsText}, without the sticky "
                    + "bit)", $"Run: chmod go-w '{path}'");
        }
    }

    /// <summary>
    /// Kubernetes mounts an emptyDir with mode 0777, owned by root. Only the processes of its pod reach it, which run as one user. On other
    /// machines only root can mount a file system so.
    /// </summary>
    private static bool IsRootsVolume(string path, UnixEntry entry) => entry.Owner == 0 && IsMountPoint(path, entry);

    private static bool IsOnVolumeOf(string path, uint owner)
    {
        for (var above = path; above is not null && UnixEntry.FromPath(above) is { } entry && entry.Owner == owner; above = Path.GetDirectoryName(above))
        {
            if (IsMountPoint(above, entry))
                return true;
        }

        return false;
    }

    private static bool IsMountPoint(string path, UnixEntry entry) =>
        UnixEntry.FromPath(Path.Combine(path, "..")) is { } above && above.Device != entry.Device;
}
