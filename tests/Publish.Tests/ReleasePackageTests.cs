using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Actors.Publish.Tests;

/// <summary>The package of a Release build, as a program outside the repository uses it.</summary>
[Trait("Category", "Package")]
public sealed class ReleasePackageTests(ReleaseFeed feed) : IClassFixture<ReleaseFeed>
{
    [PublishFact]
    public Task Package_HasImagesOfThisPlatformBesideThoseOfAll()
    {
        using var files = ZipFile.OpenRead(feed.FindPackage("Actors"));

        var lib = AssembliesBelow(files, "lib/net10.0");
        Assert.Contains("Actors.dll", lib.Keys);
        var images = AssembliesBelow(files, $"runtimes/{RuntimeInformation.RuntimeIdentifier}/lib/net10.0");
        Assert.Equal(lib.Keys, images.Keys);
        // An image has the compiled code in addition.
        Assert.All(images, image => Assert.True(image.Value > lib[image.Key], image.Key));
        return Task.CompletedTask;
    }

    [PublishFact]
    public async Task Program_AndItsWorkers_RunTheImages()
    {
        using var program = UserProgram.OfSdk(feed, "ReadyToRun/Program.cs", "Microsoft.NET.Sdk");

        PublishedFormTests.Expect("program: True, worker: True", await program.DotNetAsync("run"));
    }

    private static SortedDictionary<string, long> AssembliesBelow(ZipArchive files, string directory) => new(
        files.Entries.Where(file => Path.GetDirectoryName(file.FullName) == directory && Path.GetExtension(file.Name) == ".dll")
            .ToDictionary(file => file.Name, file => file.Length), StringComparer.Ordinal);
}
