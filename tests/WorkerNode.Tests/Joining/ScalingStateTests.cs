using Actors.WorkerNode.Joining;
using CsCheck;

namespace Actors.WorkerNode.Tests.Joining;

/// <summary>Tests the number of executors of a node.</summary>
public sealed class ScalingStateTests
{
    private const double BusyMachine = 0.9;

    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(30);
    private static readonly ExecutorRange Range = new(2, 10);

    [Theory]
    [InlineData("3", 3, 3)]
    [InlineData("1..8", 1, 8)]
    public void TryParse_NumberOrRange_Succeeds(string text, int min, int max)
    {
        Assert.Equal(new ExecutorRange(min, max), ExecutorRange.TryParse(text));
        Assert.Equal(text, $"{new ExecutorRange(min, max)}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0..3")]
    [InlineData("3..2")]
    [InlineData("1..2..3")]
    [InlineData("1..5000")]
    [InlineData("-1")]
    [InlineData("some")]
    public void TryParse_InvalidRange_IsNull(string text) => Assert.Null(ExecutorRange.TryParse(text));

    [Fact]
    public void UpdateTarget_JobsWait_GrowsToTheMaximum()
    {
        var scaling = new ScalingState(Range, IdleAfter, BusyMachine);
        var seen = Enumerable.Range(0, 5).Select(second => At(scaling, 100, 0, 0.1, second)).ToList();

        Assert.Equal([4, 8, 10, 10, 10], seen);
    }

    [Fact]
    public void UpdateTarget_BusyMachine_DoesNotGrow()
    {
        var scaling = new ScalingState(Range, IdleAfter, BusyMachine);

        Assert.All(Enumerable.Range(0, 20), second => Assert.Equal(2, At(scaling, 100, 0, 0.95, second)));
    }

    [Fact]
    public void UpdateTarget_IdleExecutors_ShrinksOneByOne()
    {
        var scaling = new ScalingState(new ExecutorRange(1, 3), IdleAfter, BusyMachine);
        At(scaling, 9, 0, 0, 0);
        At(scaling, 9, 0, 0, 2);

        Assert.Equal(3, At(scaling, 0, 3, 0, 10));
        Assert.Equal(3, At(scaling, 0, 3, 0, 39));
        Assert.Equal(2, At(scaling, 0, 3, 0, 40));
        Assert.Equal(2, At(scaling, 0, 2, 0, 69));
        Assert.Equal(1, At(scaling, 0, 2, 0, 70));
        Assert.Equal(1, At(scaling, 0, 1, 0, 1000));
    }

    [Fact]
    public void UpdateTarget_BusyExecutors_DoesNotShrink()
    {
        var scaling = new ScalingState(Range, IdleAfter, BusyMachine);
        At(scaling, 100, 0, 0, 0);

        Assert.All(Enumerable.Range(1, 100), second => Assert.Equal(4, At(scaling, 0, 0, 0.5, second)));
    }

    /// <summary>The number stays in its range, at most doubles, shrinks one by one, and shrinks only while no job waits.</summary>
    [Fact]
    public void UpdateTarget_RandomInputs_StaysInRangeAndMovesByStages()
    {
        var looks = Gen.Select(Gen.Long[0, 50], Gen.Long[0, 5], Gen.Double[0, 1], Gen.Int[0, 40]).List[0, 200];
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 20], looks).Sample((min, more, all) =>
        {
            var scaling = new ScalingState(new ExecutorRange(min, min + more), IdleAfter, BusyMachine);
            var now = 0;
            foreach (var (waiting, idle, load, seconds) in all)
            {
                var before = scaling.Executors;
                var after = At(scaling, waiting, idle, load, now += seconds);
                Assert.InRange(after, min, min + more);
                Assert.InRange(after, before - 1, 2 * before);
                Assert.False(after < before && waiting > 0);
                Assert.False(after > before && (waiting == 0 || load > BusyMachine));
            }
        });
    }

    private static int At(ScalingState scaling, long waiting, long idle, double load, int second)
    {
        scaling.UpdateTarget(waiting, idle, load, TimeSpan.FromSeconds(second));
        return scaling.Executors;
    }
}
