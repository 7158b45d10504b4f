using Actors.Coordinator.Journals;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Journals;

/// <summary><see cref="StoreSizeActor"/>, with a store whose size the test decides.</summary>
public sealed class StoreSizeActorTests : PatientTestKit
{
    private readonly DurableUsage _usage = new(new DurableLimits(1 << 20, 1 << 20, StoreSpace: 1000, TimeSpan.FromMilliseconds(10)));

    private long _size;

    [Fact]
    public void Measure_StoreGrowsAndShrinks_FollowsItsSize()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(LogEvent));
        Sys.ActorOf(Props.Create(() => new StoreSizeActor(_usage, () => Interlocked.Read(ref _size))));
        Assert.False(_usage.IsStoreFull);

        Interlocked.Exchange(ref _size, 1001);
        AwaitCondition(() => _usage.IsStoreFull);
        Assert.Contains("actors.durable-limits.store-space", ExpectMsg<LogEvent>().Text, StringComparison.Ordinal);
        Interlocked.Exchange(ref _size, 1000);
        AwaitCondition(() => !_usage.IsStoreFull);
    }

    [Fact]
    public void Measure_StoreFails_TriesAgain()
    {
        var calls = 0;
        Sys.ActorOf(Props.Create(() => new StoreSizeActor(
            _usage, () => Interlocked.Increment(ref calls) < 3 ? Fail() : 2000)));
        AwaitCondition(() => _usage.IsStoreFull);
    }

    private static long Fail() => throw new DurableStoreException("The database is unreachable.");
}
