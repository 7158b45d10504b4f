using CsCheck;
using Xunit;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Random calls, time-outs, confirmations and deaths against the cores.</summary>
public sealed class RandomScheduleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Queue_AnySchedule_LosesAndDoublesNothingAndKeepsOrder(int capacity) => Schedule.Any.Sample(
        steps =>
        {
            var run = new QueueRun(capacity);
            Array.ForEach(steps, run.Do);
            run.Finish();
        },
        iter: 3000);

    [Fact]
    public void Lock_AnySchedule_HasOneHolderAndIsFair() => Schedule.Any.Sample(
        steps =>
        {
            var run = new LockRun();
            Array.ForEach(steps, run.Do);
            run.Finish();
        },
        iter: 5000);
}
