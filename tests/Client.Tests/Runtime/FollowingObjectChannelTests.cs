using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Objects;
using Actors.Runtime;
using Actors.Testing;
using Akka.TestKit;

namespace Actors.Client.Tests.Runtime;

/// <summary>Proxies whose way to their object goes through one coordinator and then another, both played by the test.</summary>
public sealed class FollowingObjectChannelTests : PatientTestKit
{
    private readonly ObjectId _object = ObjectId.New(7);
    private readonly TestProbe _first;
    private readonly TestProbe _second;
    private readonly FollowingObjectChannel _channel;

    public FollowingObjectChannelTests()
    {
        (_first, _second) = (CreateTestProbe(), CreateTestProbe());
        _channel = new FollowingObjectChannel(new ActorObjectChannel(Sys, _first, _first, "home"));
    }

    [Fact]
    public async Task Call_AfterSwitch_UsesSecondChannel()
    {
        var proxy = new ObjectProxy(_object, _channel);
        Assert.Equal(ObjectOperation.Hold, _first.ExpectMsg<ObjectCall>().Operation);
        var lost = CountAsync(proxy);
        _first.ExpectMsg<ObjectCall>();
        Sys.Stop(_first);
        await Assert.ThrowsAsync<CoordinatorLostException>(() => lost);

        _channel.SwitchTo(new ActorObjectChannel(Sys, _second, _second, "home"));
        var counted = CountAsync(proxy);

        Assert.Equal((_object, ObjectOperation.Hold), Asked(_second));
        Assert.Equal((_object, ObjectOperation.Count), Asked(_second));
        GC.KeepAlive(proxy);
        _second.Reply(new ObjectReply(1, ObjectStatus.Ok, 42, []));
        Assert.Equal(42, (await counted).Count);
    }

    private static Task<CountReply> CountAsync(ObjectProxy proxy) =>
        proxy.CallAsync<QueueCount, CountReply>().AsTask();

    private static (ObjectId Object, ObjectOperation Operation) Asked(TestProbe coordinator)
    {
        var call = coordinator.ExpectMsg<ObjectCall>();
        return (call.Object, call.Operation);
    }
}
