using System.IO.Enumeration;

namespace WordCount;

/// <summary>The text files of the installed .NET SDK.</summary>
internal static class SdkTexts
{
    private static readonly string[] Endings = [".txt", ".xml", ".md"];

    /// <summary>Gets the folder of the installed <c>dotnet</c>.</summary>
    public static DirectoryInfo Folder { get; } =
        new(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../..")));

    /// <summary>
    /// Lists the files to count: the text files of the SDK's folder, or all files of any other folder, including hidden ones.
    /// </summary>
    public static IReadOnlyList<FileInfo> ListFiles(DirectoryInfo folder)
    {
        // The defaults skip hidden files and unreadable folders silently.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        IEnumerable<FileInfo> files = new FileSystemEnumerable<FileInfo>(
            folder.FullName, (ref entry) => ResolveLink((FileInfo)entry.ToFileSystemInfo()), options)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            // A link to a folder may form a cycle.
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        if (folder.FullName == Folder.FullName)
            files = files.Where(file => Endings.Contains(file.Extension.ToLowerInvariant()));
        return [.. files.OrderBy(file => file.FullName, StringComparer.Ordinal)];
    }

    /// <summary>Returns the file, or the target of a link, because a link has a length of its own.</summary>
    private static FileInfo ResolveLink(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
}
