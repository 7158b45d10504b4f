using Actors.Remoting.Membership;

namespace Actors.Remoting.Tests.Membership;

/// <summary>Whose silence counts.</summary>
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
    public void Member_ThatIsSilentWhileThisProcessRuns_IsNotAvailable()
    {
        var isAvailable = true;
        for (var asked = 0; isAvailable && asked < 20; asked++)
            isAvailable = AskedAfter(Interval);

        Assert.False(isAvailable);
    }

    [Fact]
    public void Member_ThatWasNotHeardWhileThisProcessStoodStill_IsAvailable() => Assert.True(AskedAfter(60_000));

    [Fact]
    public void Member_ThatIsSilentAfterThisProcessStoodStillToo_IsNotAvailable()
    {
        Assert.True(AskedAfter(60_000));

        Member_ThatIsSilentWhileThisProcessRuns_IsNotAvailable();
    }

    private bool AskedAfter(int milliseconds)
    {
        _now += milliseconds;
        return _detector.IsAvailable;
    }
}
