using CsCheck;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Random schedules of acquisitions, releases, receipts, abandoned calls, deaths and time.</summary>
public sealed class LockStatePropertyTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 8], Gen.Int[0, 1000]).Array[0, 150];

    [Fact]
    public void Lock_AfterAnySchedule_HasServedEachCallInOrder() => Schedules.Sample(steps =>
    {
        var managed = new LockSchedule();
        foreach (var (kind, argument) in steps)
            managed.Step(kind, argument);
        managed.RunToTheEnd();
    }, iter: 1000);
}
