namespace WordCount;

/// <summary>Text that is on every machine with the SDK.</summary>
internal static class SdkTexts
{
    private static readonly string[] Endings = [".txt", ".xml", ".md"];

    /// <summary>The folder of the installed <c>dotnet</c>.</summary>
    public static DirectoryInfo Folder { get; } =
        new(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../..")));

    /// <summary>The files to count: of the SDK's folder its texts only, of any other everything.</summary>
    public static IReadOnlyList<FileInfo> FilesOf(DirectoryInfo folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        var files = folder.EnumerateFiles("*", options);
        if (folder.FullName == Folder.FullName)
            files = files.Where(file => Endings.Contains(file.Extension.ToLowerInvariant()));
        return [.. files.OrderBy(file => file.FullName, StringComparer.Ordinal)];
    }
}
