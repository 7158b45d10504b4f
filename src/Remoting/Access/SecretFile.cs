using Actors.Messages.Storage;

namespace Actors.Remoting.Access;

/// <summary>Checks that a file with a secret is for the user of this program only.</summary>
public static class SecretFile
{
    private const UnixFileMode Use = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode Enter = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode OfGroup = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    private static readonly Lazy<MountTable> Mounts = new(MountTable.ReadMounts);

    /// <summary>
    /// Finds the reason why other users may know or replace the secret. Read-only mounts in a container are accepted: their files have the
    /// owner and mode of the host, and only the program of the container can reach them there. So are files of root, files in a directory
    /// that others cannot enter, and the group of the user's own number.
    /// </summary>
    /// <param name="path">The file. Links are followed.</param>
    /// <returns>The warning with the remedy; null for none, and on other systems than Linux.</returns>
    public static string? FindExposure(string path)
    {
        if (UnixEntry.FromPath(path, follows: true) is not { } entry || (IsContainer && Mounts.Value.IsReadOnly(FindTarget(path))))
            return null;
        if (!entry.IsOwnedByUserOrRoot)
        {
            return $"The file {path} holds a secret and belongs to user {entry.Owner}. That user can read and replace it; this program "
                + $"runs as user {UnixEntry.User}. Run: chown {UnixEntry.User} '{path}'";
        }

        return IsOpenToOthers(entry, Use) && CanOthersReach(FindTarget(path))
            ? $"The file {path} holds a secret, and other users may read it (mode {entry.RightsText}). Run: chmod 600 '{path}'"
            : null;
    }

    private static bool IsContainer => File.Exists("/.dockerenv") || File.Exists("/run/.containerenv")
        || Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is not null;

    /// <summary>Root's group has no other members, and neither has the private group that many distributions give to each user.</summary>
    private static bool IsOpenToOthers(UnixEntry entry, UnixFileMode rights)
    {
        var isPrivateGroup = entry.Group == 0 || entry.Group == UnixEntry.User;
        return (entry.Rights & rights & (isPrivateGroup ? ~OfGroup : ~UnixFileMode.None)) != 0;
    }

    private static bool CanOthersReach(string file)
    {
        for (var directory = Path.GetDirectoryName(file); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (UnixEntry.FromPath(directory, follows: true) is { IsOwnedByUserOrRoot: true } entry && !IsOpenToOthers(entry, Enter))
                return false;
        }

        return true;
    }

    private static string FindTarget(string path) =>
        File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
}
