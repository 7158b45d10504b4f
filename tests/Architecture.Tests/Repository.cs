namespace Actors.Architecture.Tests;

/// <summary>The source text.</summary>
internal static class Repository
{
    private static readonly string[] NotSource = ["bin", "obj", ".git", "TestResults", "artifacts", ".vs", ".idea"];

    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The files below a folder with one of these endings, by their path from the root.</summary>
    public static IEnumerable<(string Path, string Text)> Files(string folder, params string[] endings) =>
        Walk(new DirectoryInfo(Path.Combine(Root, folder)))
            .Where(file => endings.Contains(file.Extension))
            .Select(file => (Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName)));

    private static IEnumerable<FileInfo> Walk(DirectoryInfo directory) => directory.EnumerateFiles()
        .Concat(directory.EnumerateDirectories().Where(child => !NotSource.Contains(child.Name)).SelectMany(Walk));

    private static string FindRoot(DirectoryInfo from) => File.Exists(Path.Combine(from.FullName, "Actors.sln"))
        ? from.FullName
        : FindRoot(from.Parent ?? throw new DirectoryNotFoundException("The tests must run within the source tree."));
}
