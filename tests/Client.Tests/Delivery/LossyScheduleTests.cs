using CsCheck;

namespace Actors.Client.Tests.Delivery;

/// <summary>Random schedules of jobs, lost, repeated and late messages, lost frames and crashes, against the promises.</summary>
public sealed class LossyScheduleTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 14], Gen.Int[0, 1000]).Array[0, 200];

    [Fact]
    public void AcceptedJob_AfterRandomLosses_EndsExactlyOnce() => Schedules.Sample(steps =>
    {
        var pool = new LossySchedule();
        foreach (var (kind, argument) in steps)
            pool.Step(kind, argument);
        pool.RunToTheEnd();
        Assert.Equal(pool.Accepted, pool.Ended);
    });
}
