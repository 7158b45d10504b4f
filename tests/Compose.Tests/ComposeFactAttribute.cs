namespace Actors.Compose.Tests;

/// <summary>A test of docker-compose.yml. It takes minutes and needs a docker daemon and root permissions.</summary>
internal sealed class ComposeFactAttribute : FactAttribute
{
    private const string Variable = "ACTORS_COMPOSE_TESTS";

    public ComposeFactAttribute() => (Skip, Timeout) = (Missing, 10 * 60_000);

    /// <summary>Gets the reason why these tests are skipped; null if they run.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable(Variable) == "1"
        ? null
        : $"The test starts containers and adds the coordinators to /etc/hosts. Set {Variable}=1 to run it.";
}
