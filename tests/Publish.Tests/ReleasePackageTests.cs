using System.Runtime.InteropServices;

namespace Actors.Publish.Tests;

/// <summary>The package of a Release build, as a program outside the repository uses it.</summary>
[Trait("Category", "Package")]
public sealed class ReleasePackageTests(ReleaseFeed feed) : IClassFixture<ReleaseFeed>
{
    [PublishFact]
    public Task Package_HasImagesOfThisPlatformBesideThoseOfAll()
    {
        var package = feed.OpenPackage("Actors");

        var general = package.ReadSizes("lib/net10.0");
        Assert.Contains("Actors.dll", general.Keys);
        var images = package.ReadSizes($"runtimes/{RuntimeInformation.RuntimeIdentifier}/lib/net10.0");
        Assert.Equal(general.Keys, images.Keys);
        // An image has the compiled code in addition.
        Assert.All(images, image => Assert.True(image.Value > general[image.Key], image.Key));
        return Task.CompletedTask;
    }

    [PublishFact]
    public async Task Program_AndItsWorkers_RunTheImages()
    {
        using var program = UserProgram.OfSdk(feed, "ReadyToRun/Program.cs", "Microsoft.NET.Sdk");

        PublishedFormTests.Expect("program: True, worker: True", await program.DotNetAsync("run"));
    }
}
