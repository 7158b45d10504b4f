using System.Diagnostics;
using System.Xml.Linq;

namespace Actors.Publish.Tests;

/// <summary>
/// The packages of this repository in a folder, and a NuGet configuration for programs that take them from there. Their version is unique,
/// so that no package of an earlier build is taken for them.
/// </summary>
public class LocalFeed : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actors-feed-").FullName;

    /// <summary>Gets the version of the packages.</summary>
    public string Version { get; } = $"0.1.0-test.{DateTime.UtcNow.Ticks}";

    /// <summary>Gets the files of the packages.</summary>
    public IEnumerable<string> Packages => Directory.EnumerateFiles(_directory, "*.nupkg").Order(StringComparer.Ordinal);

    /// <summary>Opens a package.</summary>
    internal PackageFile OpenPackage(string name) => new(Path.Combine(_directory, $"{name}.{Version}.nupkg"));

    /// <summary>Gets the folder to which the packages are extracted.</summary>
    internal string Extracted => Path.Combine(_directory, "extracted");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var info = new ProcessStartInfo("dotnet",
            ["pack", Path.Combine(UserProgram.Root, Packed), "-o", _directory, "-v", "q", .. BuildArguments,
                $"-p:MinVerVersionOverride={Version}"]);
        var (exitCode, text) = await UserProgram.RunAsync(info);
        Assert.True(exitCode == 0, text);
    }

    /// <summary>Gets the solution or project to pack.</summary>
    private protected virtual string Packed => "Actors.sln";

    /// <summary>Gets the arguments that choose the build.</summary>
    private protected virtual string[] BuildArguments => ["--no-build", "-c", Configuration];

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Writes the configuration of a program. Packages that this repository has restored are not fetched again; the long tests may fetch
    /// others.
    /// </summary>
    internal void WriteConfiguration(string directory) => new XElement(
        "configuration",
        new XElement(
            "packageSources", PublishTests.Missing is null ? null : new XElement("clear"),
            new XElement("add", new XAttribute("key", "feed"), new XAttribute("value", _directory))),
        new XElement(
            "fallbackPackageFolders",
            new XElement("add", new XAttribute("key", "restored"), new XAttribute("value", RestoredPackages))))
        .Save(Path.Combine(directory, "nuget.config"));

    private static string Configuration { get; } =
        new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string RestoredPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
