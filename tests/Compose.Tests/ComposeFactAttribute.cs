namespace Actors.Compose.Tests;

/// <summary>A test of docker-compose.yml, which takes minutes, a docker daemon and the rights of root.</summary>
internal sealed class ComposeFactAttribute : FactAttribute
{
    private const string Variable = "ACTORS_COMPOSE_TESTS";

    public ComposeFactAttribute() => (Skip, Timeout) = (Missing, 10 * 60_000);

    /// <summary>Why such tests do not run; null where they do.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable(Variable) == "1"
        ? null
        : $"It starts containers, and names 127.0.0.1 in /etc/hosts as the coordinators are: set {Variable}=1.";
}
