using CsCheck;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// Random schedules of calls, receipts, lost messages, crashes of the coordinator and deaths of processes, against the promises of a
/// durable queue.
/// </summary>
public sealed class DurableObjectStatePropertyTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 21], Gen.Int[0, 1000]).Array[0, 120];

    [Fact]
    public void UnboundedQueue_AfterAnySchedule_HasEachItemOnce() => Schedules.Sample(steps => Run(0, steps), iter: 400);

    [Fact]
    public void BoundedQueue_AfterAnySchedule_HasEachItemOnce() =>
        Gen.Select(Gen.Int[1, 5], Schedules).Sample((capacity, steps) => Run(capacity, steps), iter: 400);

    private static void Run(long capacity, (int Kind, int Argument)[] steps)
    {
        var queue = new DurableQueueSchedule(capacity);
        foreach (var (kind, argument) in steps)
            queue.Step(kind, argument);
        queue.RunToTheEnd();
    }
}
