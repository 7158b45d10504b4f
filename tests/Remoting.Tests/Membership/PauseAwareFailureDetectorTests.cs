using Actors.Remoting.Membership;

namespace Actors.Remoting.Tests.Membership;

/// <summary>Tests which silent members are suspected.</summary>
public sealed class PauseAwareFailureDetectorTests
{
    private const int Interval = 250;

    private readonly PauseAwareFailureDetector _detector;
    private long _now;

    public PauseAwareFailureDetectorTests()
    {
        _detector = new PauseAwareFailureDetector(TimeSpan.FromMilliseconds(Interval), TimeSpan.FromSeconds(1), () => _now);
        for (var i = 0; i < 20; i++)
        {
            _detector.HeartBeat();
            Assert.True(AskedAfter(Interval));
        }
    }

    [Fact]
    public void IsAvailable_MemberIsSilent_IsFalse()
    {
        var isAvailable = true;
        for (var asked = 0; isAvailable && asked < 20; asked++)
            isAvailable = AskedAfter(Interval);

        Assert.False(isAvailable);
    }

    [Fact]
    public void IsAvailable_AfterAPauseOfThisProcess_IsTrue() => Assert.True(AskedAfter(60_000));

    [Fact]
    public void IsAvailable_MemberIsSilentAfterAPause_IsFalse()
    {
        Assert.True(AskedAfter(60_000));

        IsAvailable_MemberIsSilent_IsFalse();
    }

    private bool AskedAfter(int milliseconds)
    {
        _now += milliseconds;
        return _detector.IsAvailable;
    }
}
