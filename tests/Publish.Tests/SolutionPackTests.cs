namespace Actors.Publish.Tests;

/// <summary>The command <c>dotnet pack</c> for the whole solution.</summary>
[Trait("Category", "Package")]
public sealed class SolutionPackTests
{
    /// <summary>The file that the SDK writes after it has validated a package.</summary>
    private const string ValidationMark = "Microsoft.NET.ApiCompat.ValidatePackage.semaphore";

    [PublishFact]
    public async Task Pack_Solution_MakesThePackagesWithSymbolsAndSources()
    {
        using var clone = await RepositoryClone.CreateAsync();
        var directory = Path.Combine(clone.Directory, "artifacts", "packages");

        await clone.RunAsync("dotnet", "pack", "Actors.sln", "-o", directory, "-v", "q", "-p:RunAnalyzers=false");

        var commit = await clone.GetCommitAsync();
        var files = Directory.GetFiles(directory, "*.nupkg").Order(StringComparer.Ordinal);
        var packages = files.Select(file => new PackageFile(file)).ToList();
        Assert.Equal(PackageFile.Names, packages.Select(package => package.Name));
        Assert.Equal(2 * packages.Count, Directory.GetFiles(directory).Length);
        // The tool has no library that could be validated.
        Assert.Equal(
            packages.Count(package => package.Assemblies.Count > 0),
            Directory.GetFiles(Path.Combine(clone.Directory, "src"), ValidationMark, SearchOption.AllDirectories).Length);
        Assert.All(packages, package =>
        {
            Assert.Equal(("git", $"{RepositoryClone.Address}.git", commit), package.Repository);
            Assert.Equal(package.Assemblies, package.Symbols.SymbolNames);
            Assert.All(package.Assemblies, assembly => Assert.Contains(
                $"https://raw.githubusercontent.com/example/actors/{commit}/*",
                package.Symbols.ReadSourceLink(assembly),
                StringComparison.Ordinal));
        });
    }
}
