namespace Actors.Publish.Tests;

/// <summary>
/// A test that builds or publishes a program with this library. It takes minutes and needs runtime packs from the package feed.
/// </summary>
internal sealed class PublishFactAttribute : FactAttribute
{
    public PublishFactAttribute() => (Skip, Timeout) = (PublishTests.Missing, PublishTests.Longest);
}

/// <inheritdoc cref="PublishFactAttribute"/>
internal sealed class PublishTheoryAttribute : TheoryAttribute
{
    public PublishTheoryAttribute() => (Skip, Timeout) = (PublishTests.Missing, PublishTests.Longest);
}

/// <summary>The condition for tests that publish programs.</summary>
internal static class PublishTests
{
    public const int Longest = 20 * 60_000;

    private const string Variable = "ACTORS_PUBLISH_TESTS";

    /// <summary>Gets the reason why these tests are skipped; null if they run.</summary>
    public static string? Missing { get; } =
        Environment.GetEnvironmentVariable(Variable) == "1"
            ? null
            : $"The test publishes programs and downloads runtime packs. Set {Variable}=1 to run it.";
}
