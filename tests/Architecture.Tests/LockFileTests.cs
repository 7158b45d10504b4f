using System.Text.Json;
using System.Xml.Linq;

namespace Actors.Architecture.Tests;

/// <summary>
/// The lock files beside the projects, which record the version and hash of each package. The check of every change restores in locked
/// mode; these tests find a forgotten lock file earlier.
/// </summary>
public class LockFileTests
{
    private static readonly Dictionary<string, string> CentralVersions =
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion").ToDictionary(
            version => version.Attribute("Include")!.Value,
            version => version.Attribute("Version")!.Value,
            StringComparer.OrdinalIgnoreCase);

    public static TheoryData<string> Projects => [.. Repository.Files(".", ".csproj").Select(project => project.Path)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_ItsLockFile_HasItsPackagesInTheCentralVersions(string project)
    {
        var references = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("PackageReference")
            .Where(reference => reference.Attribute("Include") is not null)
            .ToDictionary(
                reference => reference.Attribute("Include")!.Value,
                reference => reference.Attribute("VersionOverride")?.Value,
                StringComparer.OrdinalIgnoreCase);

        var (framework, packages) = Assert.Single(ReadPackages(project));

        // A restore for a runtime identifier, which adds a second list, must not write this file.
        Assert.DoesNotContain('/', framework);
        Assert.All(references.Keys, reference => Assert.Contains(reference, packages.Keys));
        Assert.All(
            packages.Where(package => CentralVersions.ContainsKey(package.Key)),
            package => Assert.Equal(references.GetValueOrDefault(package.Key) ?? CentralVersions[package.Key], package.Value));
    }

    /// <summary>Reads the resolved versions of the packages for each framework. Projects have no version.</summary>
    private static Dictionary<string, Dictionary<string, string>> ReadPackages(string project)
    {
        var file = Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, "packages.lock.json");
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return json.RootElement.GetProperty("dependencies").EnumerateObject().ToDictionary(
            framework => framework.Name,
            framework => framework.Value.EnumerateObject()
                .Where(package => package.Value.TryGetProperty("resolved", out _))
                .ToDictionary(
                    package => package.Name,
                    package => package.Value.GetProperty("resolved").GetString()!,
                    StringComparer.OrdinalIgnoreCase));
    }
}
