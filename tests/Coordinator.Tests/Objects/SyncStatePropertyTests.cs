using CsCheck;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Random schedules of calls, receipts, abandoned calls, deaths and time on synchronization objects.</summary>
public sealed class SyncStatePropertyTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1000]).Array[0, 150];

    [Fact]
    public void Condition_AfterAnySchedule_HasWokenTheRightCalls() => Schedules.Sample(steps =>
    {
        var managed = new ConditionSchedule();
        foreach (var (kind, argument) in steps)
            managed.Step(kind, argument);
        managed.RunToTheEnd();
    }, iter: 1000);

    [Fact]
    public void Semaphore_AfterAnySchedule_KeepsTheNumberOfPermits() => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Schedules)
        .Sample((start, more, steps) =>
    {
        var managed = new SemaphoreSchedule(start, start + more);
        foreach (var (kind, argument) in steps)
            managed.Step(kind, argument);
    }, iter: 1000);

    [Fact]
    public void Barrier_AfterAnySchedule_HasReleasedOnlyCompleteRounds() => Gen.Select(Gen.Int[1, 4], Schedules).Sample((parties, steps) =>
    {
        var managed = new BarrierSchedule(parties);
        foreach (var (kind, argument) in steps)
            managed.Step(kind, argument);
    }, iter: 1000);
}
