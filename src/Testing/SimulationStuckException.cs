namespace Actors.Testing;

/// <summary>
/// Thrown by the unfinished jobs of a simulation in which nothing can happen any more, such as jobs that hang without a timeout or wait for
/// a lock that is never released. Without unfinished jobs, calls of the test on managed objects throw it.
/// </summary>
public sealed class SimulationStuckException : Exception
{
    private const int MostNames = 10;

    internal SimulationStuckException(IEnumerable<string> waiting, string? faults)
        : base(
            $"The simulation cannot continue: no job can end, and no timer is running. Give jobs that may hang a timeout. Waiting: "
            + $"{string.Join("; ", waiting.Take(MostNames))}.{(faults is null ? "" : $"\n{faults}")}")
    {
    }
}
