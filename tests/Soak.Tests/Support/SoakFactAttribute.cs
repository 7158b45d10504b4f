namespace Actors.Soak.Tests.Support;

/// <summary>A test that repeats something some hundred times, which takes minutes.</summary>
internal sealed class SoakFactAttribute : FactAttribute
{
    private const string Variable = "ACTORS_SOAK_TESTS";

    public SoakFactAttribute() => (Skip, Timeout) = (Missing, 30 * 60_000);

    /// <summary>Why such tests do not run; null where they do.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable(Variable) == "1"
        ? null
        : $"It takes minutes: set {Variable}=1.";
}
