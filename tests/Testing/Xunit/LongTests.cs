namespace Actors.Testing;

/// <summary>The condition for tests that take long or need many processes.</summary>
internal static class LongTests
{
    private const string Variable = "ACTORS_LONG_TESTS";

    /// <summary>Gets the reason why these tests are skipped; null if they run.</summary>
    public static string? Skip { get; } = Environment.GetEnvironmentVariable(Variable) == "1"
        ? null
        : $"This test takes long. It runs in scripts/soak, or with {Variable}=1.";
}
