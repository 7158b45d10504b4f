namespace Actors.Testing;

/// <summary>The open files of this process, from Linux's /proc.</summary>
internal static class OpenFiles
{
    /// <summary>Returns the paths of open files below a directory. The path of a removed file ends with <c>(deleted)</c>.</summary>
    public static IReadOnlyList<string> Below(string directory) =>
    [
        .. Directory.EnumerateFiles("/proc/self/fd").Select(TargetOf).OfType<string>()
            .Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal)),
    ];

    private static string? TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            // The file was closed in the meantime.
            return null;
        }
    }
}
