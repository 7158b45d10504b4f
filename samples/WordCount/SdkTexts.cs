using System.IO.Enumeration;

namespace WordCount;

/// <summary>Text that is on every machine with the SDK.</summary>
internal static class SdkTexts
{
    private static readonly string[] Endings = [".txt", ".xml", ".md"];

    /// <summary>The folder of the installed <c>dotnet</c>.</summary>
    public static DirectoryInfo Folder { get; } =
        new(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../..")));

    /// <summary>The files to count: of the SDK's folder its texts only, of any other everything, hidden files too.</summary>
    public static IReadOnlyList<FileInfo> FilesOf(DirectoryInfo folder)
    {
        // What is skipped by default, hidden files and folders that may not be read, would be missing without a word.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        IEnumerable<FileInfo> files = new FileSystemEnumerable<FileInfo>(folder.FullName, (ref entry) => Target((FileInfo)entry.ToFileSystemInfo()), options)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            // A link to a folder may lead round in a circle.
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        if (folder.FullName == Folder.FullName)
            files = files.Where(file => Endings.Contains(file.Extension.ToLowerInvariant()));
        return [.. files.OrderBy(file => file.FullName, StringComparer.Ordinal)];
    }

    /// <summary>The file itself, or what a link leads to: a link's length is not that of its file.</summary>
    private static FileInfo Target(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
}
