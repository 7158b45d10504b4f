namespace Actors.Publish.Tests;

/// <summary>The package Actors of a Release build, which contains ReadyToRun images for this platform.</summary>
public sealed class ReleaseFeed : LocalFeed
{
    private protected override string Packed => Path.Combine("src", "Client");

    private protected override string[] BuildArguments => ["-c", "Release"];
}
