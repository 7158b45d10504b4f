using CsCheck;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Random schedules of puts, gets, receipts, abandoned calls, deaths and time.</summary>
public sealed class QueueStatePropertyTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1000]).Array[0, 150];

    [Fact]
    public void UnboundedQueue_AfterAnySchedule_DeliversEachItemOnce() =>
        Schedules.Sample(steps => Run(0, steps).RunToTheEnd(), iter: 1000);

    [Fact]
    public void BoundedQueue_AfterAnySchedule_DeliversOrRefusesEachItem() =>
        Gen.Select(Gen.Int[1, 5], Schedules).Sample((capacity, steps) => Run(capacity, steps).RunToTheEnd(), iter: 1000);

    [Fact]
    public void EndAllCalls_AfterAnySchedule_AnswersEachWaitingCall() =>
        Gen.Select(Gen.Int[0, 3], Schedules).Sample((capacity, steps) => Run(capacity, steps).End(), iter: 1000);

    private static QueueSchedule Run(long capacity, (int Kind, int Argument)[] steps)
    {
        var queue = new QueueSchedule(capacity);
        foreach (var (kind, argument) in steps)
            queue.Step(kind, argument);
        return queue;
    }
}
