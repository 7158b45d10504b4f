using Actors.Remoting.Flow;

namespace Actors.Remoting.Tests.Flow;

/// <summary><see cref="ReceiptWindow"/>: a program that does not read cannot know the markers.</summary>
public sealed class ReceiptWindowTests
{
    private readonly ReceiptWindow _window = new(100, unmarked: 0);

    [Fact]
    public void TryAcknowledge_Marker_ConfirmsTheBytesBeforeIt()
    {
        Assert.Null(_window.TakeDueMarker());
        _window.Add(60);
        var marker = _window.TakeDueMarker();
        _window.Add(50);
        Assert.True(_window.IsFull);
        Assert.Null(_window.TakeDueMarker());

        Assert.True(_window.TryAcknowledge(marker));

        Assert.Equal((50, false), (_window.Unread, _window.IsFull));
        Assert.NotEqual(marker, _window.TakeDueMarker());
    }

    [Theory]
    [InlineData(60L)]
    [InlineData("text")]
    [InlineData(null)]
    public void TryAcknowledge_NumberOfBytesOrOther_ChangesNothing(object? marker)
    {
        _window.Add(60);
        Assert.NotNull(_window.TakeDueMarker());
        Assert.False(_window.TryAcknowledge(marker));
        Assert.Equal(60, _window.Unread);
    }

    [Fact]
    public void TryAcknowledge_Repeated_ChangesNothing()
    {
        _window.Add(60);
        var marker = _window.TakeDueMarker();
        Assert.True(_window.TryAcknowledge(marker));
        _window.Add(60);
        Assert.False(_window.TryAcknowledge(marker));
    }

    [Fact]
    public void TakeDueMarker_MarkerIsLost_IsTakenAgain()
    {
        _window.Add(60);
        var lost = _window.TakeDueMarker();
        _window.ForgetMarker();
        var next = _window.TakeDueMarker();
        Assert.False(_window.TryAcknowledge(lost));
        Assert.True(_window.TryAcknowledge(next));
    }
}
