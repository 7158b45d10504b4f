using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Actors.Publish.Tests;

/// <summary>The package of a Release build, as a program outside the repository uses it.</summary>
[Trait("Category", "Package")]
public sealed class ReleasePackageTests(ReleaseFeed feed) : IClassFixture<ReleaseFeed>
{
    [PublishFact]
    public Task Package_HasImagesOfSomePlatformsBesideTheGeneralForms()
    {
        var package = feed.OpenPackage("Actors");

        var general = package.ReadSizes("lib/net10.0");
        Assert.Contains("Actors.dll", general.Keys);
        Assert.All(["linux-x64", "linux-arm64", RuntimeInformation.RuntimeIdentifier], platform =>
        {
            var images = package.ReadSizes($"runtimes/{platform}/lib/net10.0");
            Assert.Equal(general.Keys, images.Keys);
            // An image has the compiled code in addition.
            Assert.All(images, image => Assert.True(image.Value > general[image.Key], image.Key));
        });
        return Task.CompletedTask;
    }

    /// <summary>The header of an image names the processor, combined with a number for Linux.</summary>
    [PublishTheory]
    [InlineData("linux-x64", Machine.Amd64)]
    [InlineData("linux-arm64", Machine.Arm64)]
    public Task Image_OfAPlatform_IsForItsProcessor(string platform, Machine processor)
    {
        const int Linux = 0x7B79;

        Assert.Equal(
            (int)processor ^ Linux, (int)feed.OpenPackage("Actors").ReadMachine($"runtimes/{platform}/lib/net10.0/Actors.dll"));
        return Task.CompletedTask;
    }

    [PublishFact]
    public async Task Program_AndItsWorkers_RunTheImages()
    {
        using var program = UserProgram.OfSdk(feed, "ReadyToRun/Program.cs", "Microsoft.NET.Sdk");

        PublishedFormTests.Expect("program: True, worker: True", await program.DotNetAsync("run"));
    }
}
