namespace Actors.Simulation.Tests.Kernel;

/// <summary>Thrown when a promise of the docs does not hold in a simulated schedule.</summary>
/// <param name="invariant">The short name of the invariant, as in docs/internals/verification.md.</param>
/// <param name="message">What happened, and to which object.</param>
internal sealed class InvariantViolatedException(string invariant, string message) : Exception($"{invariant}: {message}")
{
    public string Invariant => invariant;
}
