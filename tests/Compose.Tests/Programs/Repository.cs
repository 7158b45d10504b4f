namespace Actors.Compose.Tests.Programs;

/// <summary>The tested files of the repository.</summary>
internal static class Repository
{
    private static readonly DirectoryInfo Own = new(AppContext.BaseDirectory.TrimEnd('/'));

    public static string Root { get; } = FindRoot();

    /// <summary>Returns the path of a built sample.</summary>
    public static string Sample(string name) => Path.Combine(Root, "samples", name, "bin", Own.Parent!.Name, Own.Name, $"{name}.dll");

    private static string FindRoot()
    {
        var root = Own;
        while (!File.Exists(Path.Combine(root.FullName, "Actors.sln")))
            root = root.Parent!;
        return root.FullName;
    }
}
