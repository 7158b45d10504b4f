namespace Actors.Cluster.Tests.Long;

/// <summary>Whether tests run that take long, or many processes.</summary>
internal static class LongTests
{
    private const string Variable = "ACTORS_LONG_TESTS";

    /// <summary>Why not; null where they do.</summary>
    public static string? Skip { get; } = Environment.GetEnvironmentVariable(Variable) == "1"
        ? null
        : $"It takes long: set {Variable}=1, or run the whole check.";
}
