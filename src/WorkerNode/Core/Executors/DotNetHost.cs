namespace Actors.WorkerNode.Executors;

/// <summary>The <c>dotnet</c> program that starts executors: the one that runs this process, or the one of its framework.</summary>
public static class DotNetHost
{
    public static string Path { get; } = FindPath();

    /// <summary>The directory of the program, which has the installed frameworks; null if the program cannot be found.</summary>
    public static string? Root { get; } = FindRoot(Path, Environment.GetEnvironmentVariable("PATH"));

    /// <summary>Finds the directory of a program. Links are followed, as the program itself does.</summary>
    /// <param name="program">A path, or a name.</param>
    /// <param name="searched">The directories in which a name is searched, as in the variable <c>PATH</c>.</param>
    public static string? FindRoot(string program, string? searched)
    {
        string[] directories = System.IO.Path.IsPathRooted(program) ? [""] : (searched ?? "").Split(System.IO.Path.PathSeparator);
        var file = directories.Select(directory => System.IO.Path.Combine(directory, program)).FirstOrDefault(File.Exists);
        return file is null
            ? null
            : System.IO.Path.GetDirectoryName(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file);
    }

    private static string FindPath()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Environment.ProcessPath is { } own && System.IO.Path.GetFileName(own) == name)
            return own;

        // The framework is in ROOT/shared/Microsoft.NETCore.App/VERSION.
        var framework = System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location);
        if (framework is not null && System.IO.Path.GetFullPath(System.IO.Path.Combine(framework, "../../..", name)) is var beside
            && File.Exists(beside))
            return beside;
        return name;
    }
}
