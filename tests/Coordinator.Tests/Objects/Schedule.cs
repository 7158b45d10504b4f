using CsCheck;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>What can happen next in a random run.</summary>
internal enum StepKind
{
    Give,
    Take,
    Confirm,
    Abandon,
    Die,
    Wait,
    Ask,
}

/// <summary>One thing that happens; the numbers choose among what is possible then.</summary>
internal sealed record Step(StepKind Kind, int Caller, int Size, int Timeout, int Choice);

/// <summary>Random runs.</summary>
internal static class Schedule
{
    private static readonly Gen<Step> Step = Gen.Select(
        Gen.OneOfConst(
            StepKind.Give, StepKind.Give, StepKind.Give, StepKind.Take, StepKind.Take, StepKind.Take, StepKind.Confirm, StepKind.Confirm,
            StepKind.Abandon, StepKind.Die, StepKind.Wait, StepKind.Ask),
        Gen.Int[1, 4],
        Gen.Int[0, 4],
        Gen.OneOfConst(-1, -1, 0, 5, 20),
        Gen.Int[0, 1000],
        (kind, caller, size, timeout, choice) => new Step(kind, caller, size, timeout, choice));

    internal static readonly Gen<Step[]> Any = Step.Array[0, 80];
}
