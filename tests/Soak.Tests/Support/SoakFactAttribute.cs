namespace Actors.Soak.Tests.Support;

/// <summary>A test with some hundred repetitions, which takes minutes.</summary>
internal sealed class SoakFactAttribute : FactAttribute
{
    private const string Variable = "ACTORS_SOAK_TESTS";

    public SoakFactAttribute() => (Skip, Timeout) = (Missing, 30 * 60_000);

    /// <summary>Gets the reason why these tests are skipped; null if they run.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable(Variable) == "1"
        ? null
        : $"The test takes minutes. Set {Variable}=1 to run it.";
}
