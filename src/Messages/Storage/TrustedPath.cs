namespace Actors.Messages.Storage;

/// <summary>
/// Checks that no other user can replace a file or directory. Another user could do so by renaming entries of a directory above it, or by
/// redirecting a link on its path.
/// </summary>
public static class TrustedPath
{
    /// <summary>The most links that Linux follows on a path.</summary>
    private const int MaxLinks = 40;

    /// <summary>Checks a directory or file, and all directories and links above it. Missing ones are skipped.</summary>
    /// <param name="path">The directory or file.</param>
    /// <param name="allowsVolumes">
    /// Whether root may use directories of another user on a volume of that user, such as a bind mount of a container. The owner can change
    /// the content, so do not allow this for code.
    /// </param>
    /// <exception cref="StorageException">Another user can replace the content.</exception>
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
            throw PrivateDirectory.CreateRefusal(path, $"it is a link of user {link.Owner}, and that user can redirect it");
        if (new FileInfo(path).LinkTarget is { } target)
            RequireTrusted(Path.GetFullPath(target, Path.GetDirectoryName(path)!), allowsVolumes, links - 1);
    }

    private static void RequireDirectory(string path, UnixEntry entry, bool allowsVolumes)
    {
        var isVolumeOfOther = allowsVolumes && IsOnVolumeOf(path, entry.Owner);
        if (!entry.IsOwnedByUserOrRoot && !isVolumeOfOther)
        {
            throw PrivateDirectory.CreateRefusal(
                path, $"it belongs to user {entry.Owner}, and that user can replace its content; this program runs as user "
                    + $"{UnixEntry.User}");
        }

        if (entry.IsWritableByOthers(isVolumeOfOther ? entry.Owner : UnixEntry.User) && !entry.IsSticky && !IsRootsVolume(path, entry))
        {
            throw PrivateDirectory.CreateRefusal(
                path, $"other users can replace its content (mode {entry.RightsText}, without the sticky "
                    + "bit)", $"Run: chmod go-w '{path}'");
        }
    }

    /// <summary>
    /// Whether a directory is a volume that root has mounted. Kubernetes mounts an emptyDir with mode 0777, owned by root; only the
    /// processes of its pod reach it, and they run as one user. On other machines only root can mount such a file system.
    /// </summary>
    private static bool IsRootsVolume(string path, UnixEntry entry) => entry.Owner == 0 && IsMountPoint(path, entry);

    private static bool IsOnVolumeOf(string path, uint owner)
    {
        for (var above = path; above is not null; above = Path.GetDirectoryName(above))
        {
            if (UnixEntry.FromPath(above) is not { } entry || entry.Owner != owner)
                return false;
            if (IsMountPoint(above, entry))
                return true;
        }

        return false;
    }

    private static bool IsMountPoint(string path, UnixEntry entry) =>
        UnixEntry.FromPath(Path.Combine(path, "..")) is { } above && above.Device != entry.Device;
}
