namespace Actors.Messages.Storage;

/// <summary>The mounts of this process on Linux, as <c>/proc/self/mountinfo</c> lists them.</summary>
/// <param name="lines">The lines of the list.</param>
public sealed class MountTable(IEnumerable<string> lines)
{
    private const string FilePath = "/proc/self/mountinfo";
    private const int PointField = 4;
    private const int OptionsField = 5;

    private readonly List<(string Point, bool IsReadOnly)> _mounts = [.. lines.Select(ReadLine).OfType<(string, bool)>()];

    /// <summary>Reads the mounts of this process; none on other systems.</summary>
    public static MountTable ReadMounts()
    {
        try
        {
            return new MountTable(OperatingSystem.IsLinux() ? File.ReadAllLines(FilePath) : []);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new MountTable([]);
        }
    }

    /// <summary>Whether a file is on a read-only mount. The root directory of the system does not count as a mount.</summary>
    /// <param name="path">The absolute path, without links.</param>
    public bool IsReadOnly(string path) =>
        _mounts.Where(mount => mount.Point != "/" && IsBelow(path, mount.Point))
            .OrderBy(mount => mount.Point.Length).LastOrDefault().IsReadOnly;

    private static bool IsBelow(string path, string point) =>
        path == point || path.StartsWith(point + "/", StringComparison.Ordinal);

    private static (string Point, bool IsReadOnly)? ReadLine(string line)
    {
        var fields = line.Split(' ');
        // Spaces in a path are written as octal numbers.
        return fields.Length > OptionsField
            ? (fields[PointField].Replace(@"\040", " ", StringComparison.Ordinal), fields[OptionsField].Split(',').Contains("ro"))
            : null;
    }
}
