using System.Diagnostics;
using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public class RunClockTests
{
    private readonly RunClock _clock = new();

    [Fact]
    public void MeasureElapsed_JobWithoutItems_CountsFromItsBeginning()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), _clock.MeasureElapsed(7, 0, At(1), At(3)));
        Assert.Equal(TimeSpan.FromSeconds(9), _clock.MeasureElapsed(7, 0, At(1), At(10)));
    }

    [Fact]
    public void MeasureElapsed_NextItem_CountsFromItsFirstMeasurement()
    {
        _clock.MeasureElapsed(7, 1, At(0), At(1));
        Assert.Equal(TimeSpan.FromSeconds(8), _clock.MeasureElapsed(7, 1, At(0), At(9)));
        Assert.Equal(TimeSpan.Zero, _clock.MeasureElapsed(7, 2, At(0), At(10)));
        Assert.Equal(TimeSpan.FromSeconds(3), _clock.MeasureElapsed(7, 2, At(0), At(13)));
        Assert.Equal(TimeSpan.Zero, _clock.MeasureElapsed(7, -1, At(0), At(14)));
    }

    [Fact]
    public void MeasureElapsed_NextJob_StartsAgain()
    {
        _clock.MeasureElapsed(7, 3, At(0), At(1));
        Assert.Equal(TimeSpan.Zero, _clock.MeasureElapsed(8, 3, At(5), At(6)));
        Assert.Equal(TimeSpan.FromSeconds(1), _clock.MeasureElapsed(9, 0, At(7), At(8)));
    }

    [Fact]
    public void MeasureElapsed_SameJobAgain_StartsAgain()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), _clock.MeasureElapsed(7, 0, At(1), At(3)));
        Assert.Equal(TimeSpan.FromSeconds(1), _clock.MeasureElapsed(7, 0, At(9), At(10)));
    }

    private static long At(int seconds) => seconds * Stopwatch.Frequency;
}
