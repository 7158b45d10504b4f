using Actors.Messages;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class ComparisonPaceTests
{
    private readonly ComparisonPace _pace = new();

    [Fact]
    public void TryStart_Running_StartsOnce()
    {
        Assert.Equal(ProtocolTimes.ShortestComparison, _pace.TryStart());
        Assert.Null(_pace.TryStart());
        Assert.True(_pace.IsRunning);

        _pace.Stop();
        Assert.False(_pace.IsRunning);
        Assert.Equal(ProtocolTimes.ShortestComparison, _pace.TryStart());
    }

    [Fact]
    public void OnTick_NoMessageArrives_DoublesThePauseUpToTheLongest()
    {
        _pace.TryStart();
        var last = ProtocolTimes.ShortestComparison;
        for (var i = 0; i < 20; i++)
        {
            var (pause, isQuiet) = _pace.OnTick();
            Assert.True(isQuiet);
            Assert.True(pause == 2 * last || (pause == last && 2 * last > ProtocolTimes.LongestComparison));
            last = pause;
        }

        Assert.InRange(last, ProtocolTimes.LongestComparison / 2, ProtocolTimes.LongestComparison);
    }

    [Fact]
    public void OnTick_MessageArrived_ReturnsToTheShortestPause()
    {
        _pace.TryStart();
        _pace.OnTick();
        _pace.OnTick();
        _pace.RecordProgress();

        Assert.Equal((ProtocolTimes.ShortestComparison, false), _pace.OnTick());
        Assert.Equal((2 * ProtocolTimes.ShortestComparison, true), _pace.OnTick());
    }
}
