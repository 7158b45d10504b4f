namespace Actors.Testing;

/// <summary>The files that this process has open, as Linux lists them.</summary>
internal static class OpenFiles
{
    /// <summary>The paths of the open files below a directory; a removed file's ends with <c>(deleted)</c>.</summary>
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
            // It was closed meanwhile.
            return null;
        }
    }
}
