using Actors.Messages.Jobs;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class JobOriginsTests
{
    private static readonly Guid Session = Guid.NewGuid();
    private static readonly JobPolicy Policy = new(0, 3);

    private readonly SetClock _clock = new();
    private readonly JobOrigins _origins;

    public JobOriginsTests() => _origins = new JobOrigins(Session, _clock);

    [Fact]
    public void AddTo_SamePolicyInOneTick_SharesAnObject()
    {
        var first = _origins.AddTo(Policy);

        Assert.Same(first, _origins.AddTo(Policy));
        Assert.Equal(new JobOrigin(Session, _clock.GetUtcNow().ToUnixTimeMilliseconds()), first.Origin);
    }

    [Fact]
    public void AddTo_LaterTick_HasTheNewTime()
    {
        var first = _origins.AddTo(Policy);
        _clock.Now = _clock.Now.AddSeconds(1);

        var second = _origins.AddTo(Policy);

        Assert.Equal(1000, second.Origin!.SubmittedAt - first.Origin!.SubmittedAt);
    }

    [Fact]
    public void AddTo_OtherPolicy_KeepsEach()
    {
        var other = Policy with { Priority = 4 };
        _origins.AddTo(Policy);

        Assert.Equal(4, _origins.AddTo(other).Priority);
        Assert.Equal(0, _origins.AddTo(Policy).Priority);
    }

    [Fact]
    public void AddTo_SystemClock_IsTheCurrentTime()
    {
        var at = new JobOrigins(Session, TimeProvider.System).AddTo(Policy).Origin!.SubmittedAt;

        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - at, 0, 60_000);
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddDays(1);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
