using Actors.Messages.Objects;
using CsCheck;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// Queues of each order against a list: many items at once, keys, leases, unfinished items, deaths, and the restoration from a snapshot.
/// </summary>
public sealed class QueueModelPropertyTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 13], Gen.Int[0, 1000]).Array[0, 120];

    [Theory]
    [InlineData(ObjectKind.Queue)]
    [InlineData(ObjectKind.LifoQueue)]
    [InlineData(ObjectKind.PriorityQueue)]
    public void Queue_AfterAnySchedule_AnswersAsAList(ObjectKind kind) =>
        Gen.Select(Gen.Int[0, 5], Schedules).Sample(
            (capacity, steps) =>
            {
                var queue = new QueueModelSchedule(kind, capacity);
                foreach (var (step, argument) in steps)
                    queue.Step(step, argument);
            },
            iter: 1000);
}
