namespace Actors.Simulation.Tests.Kernel;

/// <summary>Thrown when a promise of the docs does not hold in a simulated schedule.</summary>
/// <param name="invariant">The invariant.</param>
/// <param name="message">The violation and its object.</param>
internal sealed class InvariantViolatedException(Invariant invariant, string message) : Exception($"{invariant}: {message}")
{
    public Invariant Invariant => invariant;
}
