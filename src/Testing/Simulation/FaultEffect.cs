using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.Testing;

/// <summary>The combined effect of the faults of one moment on a simulated worker and its job.</summary>
/// <param name="Exit">The end of the worker; null when it continues.</param>
/// <param name="Failure">The exception that the job throws; null for none.</param>
/// <param name="Delay">The additional time of the job.</param>
/// <param name="Hangs">Whether the job does not end.</param>
/// <param name="IsDeliveredTwice">Whether the function is called twice.</param>
/// <param name="LosesResult">Whether the result is lost.</param>
internal sealed record FaultEffect(
    ExecutorExit? Exit, FailureInfo? Failure, TimeSpan Delay, bool Hangs, bool IsDeliveredTwice, bool LosesResult)
{
    /// <summary>Combines faults.</summary>
    public static FaultEffect Of(IReadOnlyList<Fault> faults) => new(
        Exit: faults.FirstOrDefault(fault => fault.ExitStatus is not null) is { } end ? CreateExit(end) : null,
        Failure: faults.FirstOrDefault(fault => fault.Failure is not null)?.Failure,
        Delay: faults.Where(static fault => fault.Kind is FaultKind.Delay or FaultKind.Pause)
            .Aggregate(TimeSpan.Zero, static (sum, fault) => sum + fault.Time),
        Hangs: faults.Any(fault => fault.Kind == FaultKind.Hang),
        IsDeliveredTwice: faults.Any(fault => fault.Kind == FaultKind.DeliverTwice),
        LosesResult: faults.Any(fault => fault.Kind == FaultKind.LoseResult));

    private static ExecutorExit CreateExit(Fault fault) => new(
        fault.Kind == FaultKind.ExceedMemory ? ExecutorExitReason.MemoryExceeded : ExecutorExitReason.Crashed, fault.ExitStatus, "");
}
