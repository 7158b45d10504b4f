namespace Actors.WorkerNode.Executors;

/// <summary>The <c>dotnet</c> program that starts executors: the one that runs this process, or the one of its framework.</summary>
internal static class DotNetHost
{
    public static string Path { get; } = FindPath();

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
