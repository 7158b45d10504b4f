using System.Globalization;

namespace Actors.Testing;

/// <summary>
/// Thrown when a test of <see cref="FaultTest"/> failed. The message contains the seed, the failure, and the faults that are needed for it.
/// </summary>
public sealed class FaultTestException : Exception
{
    internal FaultTestException(int seed, Exception failure, IReadOnlyList<InjectedFault> needed, int injected)
        : base(Describe(seed, failure, needed, injected), failure) => (Seed, Needed) = (seed, needed);

    /// <summary>Gets the seed that failed.</summary>
    public int Seed { get; }

    /// <summary>
    /// Gets the faults that are needed for the failure, in the order of their times; empty when the order of events is enough.
    /// </summary>
    public IReadOnlyList<InjectedFault> Needed { get; }

    private static string Describe(int seed, Exception failure, IReadOnlyList<InjectedFault> needed, int injected)
    {
        var faults = needed.Count == 0
            ? "No fault is needed: the order of events is enough."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Faults that are needed ({needed.Count} of {injected}):{string.Concat(needed.Select(fault => $"\n  {fault}"))}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {seed} failed (repeat with {FaultPlan.SeedVariable}={seed}). {failure.GetType().Name}: {failure.Message}\n{faults}");
    }
}
