using Actors.Remoting.Flow;

namespace Actors.Remoting.Tests.Flow;

public sealed class MarkerWindowTests
{
    private readonly MarkerWindow _window = new(100);

    [Fact]
    public void TakeDueMarker_AboveHalf_IsTakenOnce()
    {
        _window.Add(50);
        Assert.Null(_window.TakeDueMarker());
        _window.Add(1);
        Assert.Equal(51, _window.TakeDueMarker());
        _window.Add(1);
        Assert.Null(_window.TakeDueMarker());
    }

    [Fact]
    public void TryAcknowledge_Marker_FreesTheBytesBeforeIt()
    {
        _window.Add(100);
        var marker = _window.TakeDueMarker()!.Value;
        _window.Add(100);
        Assert.True(_window.IsFull);

        Assert.True(_window.TryAcknowledge(marker));
        Assert.False(_window.IsFull);
        Assert.Equal(200, _window.TakeDueMarker());
        Assert.False(_window.TryAcknowledge(marker));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(102)]
    public void TryAcknowledge_NumberThatWasNotSent_ChangesNothing(long number)
    {
        _window.Add(101);
        _window.TakeDueMarker();

        Assert.False(_window.TryAcknowledge(number));
        Assert.True(_window.IsFull);
        Assert.Null(_window.TakeDueMarker());
    }

    [Fact]
    public void ForgetMarker_MarkerIsLost_AnotherIsDue()
    {
        _window.Add(101);
        _window.TakeDueMarker();

        _window.ForgetMarker();

        Assert.Equal(101, _window.TakeDueMarker());
    }
}
