using System.Collections.Immutable;

namespace Actors.WorkerNode.Frameworks;

/// <summary>The frameworks below a directory of .NET: <c>shared/NAME/VERSION</c>.</summary>
/// <param name="root">The directory of the <c>dotnet</c> program that starts workers; null if it is unknown.</param>
public sealed class InstalledFrameworks(string? root)
{
    /// <summary>Checks that a program can run here. Does nothing if the directory of .NET cannot be read.</summary>
    /// <param name="runtimeConfigFile">The runtime configuration of the program.</param>
    /// <param name="rollForward">The variable <c>DOTNET_ROLL_FORWARD</c> of the program; null for none.</param>
    /// <exception cref="MissingFrameworkException">A framework is missing.</exception>
    public void RequireFrameworksOf(string runtimeConfigFile, string? rollForward)
    {
        if (root is null || FindDirectories(Path.Combine(root, "shared")) is not { } installed)
            return;
        foreach (var framework in RuntimeConfiguration.ReadFrameworks(runtimeConfigFile, rollForward))
        {
            var versions = FindVersions(installed, framework.Name);
            if (!versions.Any(framework.Accepts))
                throw new MissingFrameworkException(framework, versions, root);
        }
    }

    /// <summary>
    /// Finds the versions of a framework. Its name comes from a client, so it is compared with the directories and never used as a path.
    /// </summary>
    private static ImmutableArray<FrameworkVersion> FindVersions(DirectoryInfo[] installed, string name) =>
        installed.FirstOrDefault(directory => directory.Name == name) is { } framework && FindDirectories(framework.FullName) is { } found
            ? [.. found.Select(static directory => FrameworkVersion.TryParse(directory.Name, out var version) ? version : null)
                .OfType<FrameworkVersion>().Order()]
            : [];

    /// <summary>Finds the directories in a directory; null if it cannot be read.</summary>
    private static DirectoryInfo[]? FindDirectories(string path)
    {
        try
        {
            return new DirectoryInfo(path).GetDirectories();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
