namespace Actors.Testing;

/// <summary>A rule of a plan.</summary>
/// <param name="Number">The position in the plan.</param>
/// <param name="Trigger">The jobs.</param>
/// <param name="Fault">The fault.</param>
internal sealed record FaultRule(int Number, FaultTrigger Trigger, Fault Fault);

/// <summary>A fault that is planned for a job.</summary>
/// <param name="Rule">The position of the rule in the plan.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Attempts">The attempts, counted from 1.</param>
internal sealed record PlannedFault(int Rule, Fault Fault, IReadOnlyList<int> Attempts);
