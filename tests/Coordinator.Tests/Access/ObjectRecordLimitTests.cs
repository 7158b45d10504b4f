using Actors.Coordinator.Clients;
using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>A client fills the memory with records about objects: proxies in objects, proxies of processes, and open calls.</summary>
public sealed class ObjectRecordLimitTests : CoordinatorTestKit
{
    private const int ObjectMemory = 32 << 10;

    private const string Limits = """
        actors.client-limits {
          pools = 9, job-memory = 1MiB, objects = 9, object-memory = 32KiB, waiting-calls = 4, durable-queues = 9, unread-answers = 1MiB,
          total-memory = 0
        }
        """;

    private readonly ActorSystem _hostileSystem;
    private readonly TestProbe _hostile;
    private readonly TestProbe _other;
    private readonly TestProbe _refusals;

    public ObjectRecordLimitTests() : base(space: 1 << 20, Limits)
    {
        _hostileSystem = StartSystem();
        (_hostile, _other, _refusals) = (CreateProbe(_hostileSystem), CreateProbe(StartSystem()), CreateProbe(Home));
        Home.EventStream.Subscribe(_refusals, typeof(MessageRefused));
    }

    private long UsedMemory => UsageOf(_hostileSystem).GetUsed(ClientResource.ObjectMemory);

    [Fact]
    public void Contain_AnyNumberOfProxies_IsRefusedAboveTheMemory()
    {
        var container = Create(_hostile);
        var before = UsedMemory;
        Tell(_hostile, new ObjectContain([ObjectId.New(), ObjectId.New()]).ToCall(container));
        AwaitAssert(() => Assert.Equal(before + 128, UsedMemory), Patience);

        Tell(_hostile, new ObjectContain([.. Enumerable.Range(0, 1000).Select(_ => ObjectId.New())]).ToCall(container));

        Assert.Equal(ObjectOperation.Contain, ReceiveRefused().Operation);
        Assert.InRange(UsedMemory, before + 128, ObjectMemory);
        Seen(CoordinatorActor, _hostileSystem).Tell(new ObjectProtocol.RemoveManagedObject(container), _hostile);
        AwaitAssert(() => Assert.InRange(UsedMemory, 0, before), Patience);
    }

    /// <summary>100,000 processes with proxies of 100,000 objects would be ten billion records.</summary>
    [Fact]
    public void Hold_AnyNumberOfProcessesAndObjects_IsRefusedAboveTheMemory()
    {
        var objects = Enumerable.Range(0, 9).Select(_ => Create(_other)).ToList();
        for (var process = 0; process < 30; process++)
        {
            var sender = _hostileSystem.ActorOf(Props.Create(() => new SilentActor()));
            foreach (var id in objects)
                Seen(CoordinatorActor, _hostileSystem).Tell(new ObjectHold().ToCall(id), sender);
        }

        Assert.Equal(ObjectOperation.Hold, ReceiveRefused().Operation);
        Assert.InRange(UsedMemory, 1, ObjectMemory);
    }

    [Fact]
    public void Hold_EachProxy_CountsUntilItIsDropped()
    {
        var objects = Enumerable.Range(0, 3).Select(_ => Create(_other)).ToList();
        foreach (var id in objects.Concat(objects))
            Tell(_hostile, new ObjectHold().ToCall(id));
        AwaitAssert(() => Assert.Equal(512 + (3 * 128), UsedMemory), Patience);

        Tell(_hostile, new ObjectDrop().ToCall(objects[0]));
        AwaitAssert(() => Assert.Equal(512 + (2 * 128), UsedMemory), Patience);
        Seen(CoordinatorActor, _other.Sys).Tell(new ObjectProtocol.RemoveManagedObject(objects[1]), _other);
        AwaitAssert(() => Assert.Equal(512 + 128, UsedMemory), Patience);
        _hostileSystem.Stop(_hostile);
        AwaitAssert(() => Assert.Equal(0, UsedMemory), Patience);
    }

    /// <summary>The owner counts each calling actor as a client of its own, because it cannot know their program.</summary>
    [Fact]
    public void ObjectCall_OpenAtAnotherCoordinator_IsRefusedAboveTheLimit()
    {
        var (elsewhere, owner) = StartElsewhere();
        var target = ObjectId.New(7);
        for (var call = 1; call <= 3; call++)
            elsewhere.Tell(new ObjectCall(target, call, ObjectOperation.Get, -1, 1, []), _hostile);
        elsewhere.Tell(new ObjectCall(target, 4, ObjectOperation.Get, -1, 1, []), _hostile);
        var refused = _hostile.ExpectMsg<ObjectReply>(Patience);
        Assert.Equal((4, ObjectStatus.OverLimit), (refused.Call, refused.Status));
        Assert.Contains("actors.client-limits.waiting-calls", refused.GetReason(), StringComparison.Ordinal);

        owner.FishForMessage(message => message is ObjectCall { Call: 3 }, Patience);
        owner.Reply(new ObjectReply(3, ObjectStatus.Ok, 0, []));
        Assert.Equal(3, _hostile.ExpectMsg<ObjectReply>(Patience).Call);
        elsewhere.Tell(new ObjectCallAbandoned(target, 2), _hostile);
        for (var call = 5; call <= 6; call++)
        {
            elsewhere.Tell(new ObjectCall(target, call, ObjectOperation.Get, -1, 1, []), _hostile);
            owner.FishForMessage(message => message is ObjectCall next && next.Call == call, Patience);
        }

        _hostileSystem.Stop(_hostile);
        AwaitAssert(() => Assert.InRange(UsageOf(_hostileSystem).GetUsed(ClientResource.WaitingCalls), 0, 4), Patience);
    }

    [Fact]
    public void Hold_RandomIdsOfAnotherCoordinator_CountTowardTheMemory()
    {
        var (elsewhere, owner) = StartElsewhere();
        for (var number = 0; number < 1000; number++)
            elsewhere.Tell(new ObjectHold().ToCall(ObjectId.New(7)), _hostile);
        elsewhere.Tell(new ObjectCall(ObjectId.New(7), 1, ObjectOperation.Count, -1, 1, []), _hostile);

        var held = 0;
        owner.FishForMessage(message => message is ObjectCall { Call: 1 } || (message is ObjectCall && held++ < 0), Patience);
        Assert.InRange(held, 1, ObjectMemory / 64);
        Assert.InRange(UsedMemory, 64, ObjectMemory);
    }

    private (IActorRef Elsewhere, TestProbe Owner) StartElsewhere()
    {
        var (peers, entry, owner) = (CreateProbe(Home), CreateProbe(Home), CreateProbe(Home));
        var elsewhere = Home.ActorOf(Props.Create(() => new PeerObjectsActor(peers, entry)), "elsewhere-1");
        elsewhere.Tell(new PeersProtocol.PeersReply([new PeersProtocol.PeerCoordinator(7, owner)], IsComplete: true));
        return (Seen(elsewhere, _hostileSystem), owner);
    }

    private ObjectId Create(TestProbe maker)
    {
        var id = ObjectId.New();
        Seen(CoordinatorActor, maker.Sys).Tell(new ObjectProtocol.CreateManagedObject(id, ObjectKind.Queue, 0, []), maker);
        maker.ExpectMsg<ObjectProtocol.ObjectCreated>(Patience);
        return id;
    }

    private void Tell(TestProbe caller, ObjectCall call) => Seen(CoordinatorActor, caller.Sys).Tell(call, caller);

    private ObjectCall ReceiveRefused() => Assert.IsType<ObjectCall>(_refusals.ExpectMsg<MessageRefused>(Patience).Message);

    private ClientUsage UsageOf(ActorSystem client)
    {
        var address = ((ExtendedActorSystem)client).Provider.DefaultAddress;
        return ClientUsages.FindUsage(Home, ((ExtendedActorSystem)Home).Provider.ResolveActorRef(new RootActorPath(address) / "user"))!;
    }

    private sealed class SilentActor : ReceiveActor
    {
        public SilentActor() => ReceiveAny(_ => { });
    }
}
