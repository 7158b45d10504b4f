namespace Actors.Publish.Tests;

/// <summary>
/// A test that builds or publishes a program that refers to this library, which takes minutes, and runtime packs from the package feed.
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

/// <summary>Whether such tests run.</summary>
internal static class PublishTests
{
    public const int Longest = 20 * 60_000;

    private const string Variable = "ACTORS_PUBLISH_TESTS";

    /// <summary>Why they do not run; null where they do.</summary>
    public static string? Missing { get; } =
        Environment.GetEnvironmentVariable(Variable) == "1" ? null : $"It publishes programs, and fetches runtime packs: set {Variable}=1.";
}
