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
        var first = _origins.AddTo(Policy, firstItem: 0);

        Assert.Same(first, _origins.AddTo(Policy, firstItem: 0));
        Assert.Equal(new JobOrigin(Session, _clock.GetUtcNow().ToUnixTimeMilliseconds()), first.Origin);
    }

    [Fact]
    public void AddTo_LaterTick_HasTheNewTime()
    {
        var first = _origins.AddTo(Policy, firstItem: 0);
        _clock.Now = _clock.Now.AddSeconds(1);

        var second = _origins.AddTo(Policy, firstItem: 0);

        Assert.Equal(1000, second.Origin!.SubmittedAt - first.Origin!.SubmittedAt);
    }

    [Fact]
    public void AddTo_OtherPolicyOrChunk_KeepsEach()
    {
        var other = Policy with { Priority = 4 };
        _origins.AddTo(Policy, firstItem: 0);

        Assert.Equal(4, _origins.AddTo(other, firstItem: 0).Priority);
        Assert.Equal(12, _origins.AddTo(Policy, firstItem: 12).Origin!.FirstItem);
        Assert.Equal(0, _origins.AddTo(Policy, firstItem: 0).Origin!.FirstItem);
    }

    [Fact]
    public void AddTo_SystemClock_IsTheCurrentTime()
    {
        var at = new JobOrigins(Session, TimeProvider.System).AddTo(Policy, firstItem: 0).Origin!.SubmittedAt;

        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - at, 0, 60_000);
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddDays(1);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
