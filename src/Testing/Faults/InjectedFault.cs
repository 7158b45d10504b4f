using System.Globalization;

namespace Actors.Testing;

/// <summary>A fault that was injected; see <see cref="FaultPlan.Injected"/>. Immutable.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="JobId">The job, as <see cref="JobHandle.Id"/>; 0 for a fault at a time.</param>
/// <param name="Function">The name of the function; empty for a fault at a time.</param>
/// <param name="Attempt">The number of the start of the job, counted from 1; 0 for a fault at a time.</param>
/// <param name="ProcessId">The process id of the worker; 0 for a fault that concerns none.</param>
/// <param name="Time">The time since the start of the pool, on the clock of the pool.</param>
public sealed record InjectedFault(Fault Fault, long JobId, string Function, int Attempt, int ProcessId, TimeSpan Time)
{
    /// <summary>The position of the rule in the plan.</summary>
    internal int Rule { get; init; }

    /// <summary>Identifies the injection in repeated runs.</summary>
    internal string Occurrence { get; init; } = "";

    /// <summary>Returns one line with the time, the fault, the job and the worker.</summary>
    public override string ToString()
    {
        var job = JobId == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", job {JobId} ({Function}), attempt {Attempt}");
        var worker = ProcessId == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", worker {ProcessId}");
        return string.Create(CultureInfo.InvariantCulture, $"after {Time.TotalSeconds:0.000} s: {Fault}{job}{worker}");
    }
}
