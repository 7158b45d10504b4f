using Actors.Coordinator.Clients;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects.Durable;
using Actors.Coordinator.Pools;
using Actors.Coordinator.Tests.Journals;
using Actors.Coordinator.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>One client asks for ever more durable pools and queues. Another client is not affected.</summary>
public sealed class DurableClientLimitTests : CoordinatorTestKit
{
    private const int ValueLength = 100 << 10;
    private static readonly ObjectId Queue = ObjectId.FromDurableName("queue", 0);

    private static readonly string Settings = $$"""
        actors.client-limits {
          pools = 3, job-memory = 1MiB, objects = 5, object-memory = 256KiB, waiting-calls = 4, durable-queues = 3,
          unread-answers = 64KiB, total-memory = 0
        }
        {{PlayedStore.At("silent", ActorRefs.Nobody)}}
        """;

    private readonly ActorSystem _hostileSystem;
    private readonly ActorSystem _otherSystem;
    private readonly TestProbe _hostile;
    private readonly TestProbe _other;

    public DurableClientLimitTests() : base(space: 1 << 20, Settings)
    {
        (_hostileSystem, _otherSystem) = (StartSystem(), StartSystem());
        (_hostile, _other) = (CreateProbe(_hostileSystem), CreateProbe(_otherSystem));
    }

    /// <summary>A pool of a million jobs loads for seconds. Requests wait meanwhile.</summary>
    [Fact]
    public void OpenPool_WhileThePoolLoads_IsRefusedAboveTheLimit()
    {
        var (id, nodes) = (PoolId.FromName("durable"), CreateProbe(Home).Ref);
        var plugins = new JournalPlugins("akka.persistence.journal.inmem", "silent");
        var pool = Home.ActorOf(Props.Create(() => new DurablePoolActor(id, nodes, plugins, TimeProvider.System, "farewell", true)));
        var open = new PoolProtocol.OpenPool(id, PoolSchedule.Spec() with { Name = "durable" }, Range: -1);
        for (var request = 0; request < 3; request++)
            Seen(pool, _hostileSystem).Tell(open with { Session = SessionId.New() }, CreateProbe(_hostileSystem));

        for (var request = 0; request < 50; request++)
        {
            Seen(pool, _hostileSystem).Tell(open with { Session = SessionId.New() }, _hostile);
            var refused = _hostile.ExpectMsg<PoolProtocol.PoolRefused>(Patience);
            Assert.True(refused.IsOverLimit);
            Assert.Contains("actors.client-limits.pools", refused.Reason, StringComparison.Ordinal);
        }

        // The settings of a request count too.
        var large = open with { Spec = open.Spec with { InitializerArguments = new byte[2 << 20] } };
        Seen(pool, _otherSystem).Tell(large, _other);
        Assert.Contains(
            "actors.client-limits.job-memory", _other.ExpectMsg<PoolProtocol.PoolRefused>(Patience).Reason, StringComparison.Ordinal);
        Seen(pool, _otherSystem).Tell(open with { Session = SessionId.New() }, _other);
        AwaitAssert(() => Assert.Equal(1, UsageOf(_otherSystem).GetUsed(ClientResource.Pools)), Patience);

        Home.Stop(pool);
        AwaitAssert(
            () => Assert.Equal(
                (0, 0), (UsageOf(_otherSystem).GetUsed(ClientResource.Pools), UsageOf(_hostileSystem).GetUsed(ClientResource.JobMemory))),
            Patience);
    }

    [Fact]
    public void DurableCalls_ManyQueues_AreRefusedAboveTheLimit()
    {
        var objects = CreateProbe(Home);
        var relay = Home.ActorOf(Props.Create(() => new DurableRelayActor(objects)), "relay");
        var caller = CallerId.New();
        foreach (var queue in new[] { 1, 2, 3, 1 })
        {
            Seen(relay, _hostileSystem).Tell(Call(caller, $"{queue}"), _hostile);
            objects.ExpectMsg<DurableObjectProtocol.CallDurableObject>(Patience);
        }

        Seen(relay, _hostileSystem).Tell(Call(caller, "4"), _hostile);
        AssertRefused("actors.client-limits.durable-queues");
        // Other messages load the queue too. A program without permission needs no answer to them.
        Seen(relay, _hostileSystem).Tell(
            new DurableObjectProtocol.DurableReplyReceived(ObjectId.FromDurableName("4", 0), caller, 1), _hostile);
        Seen(relay, _otherSystem).Tell(Call(CallerId.New(), "4"), _other);
        objects.ExpectMsg<DurableObjectProtocol.CallDurableObject>(Patience);
        objects.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void DurableCalls_ManyCallers_AreRefusedUntilOneEnds()
    {
        var objects = CreateProbe(Home);
        var relay = Home.ActorOf(Props.Create(() => new DurableRelayActor(objects)), "relay");
        var senders = Enumerable.Range(0, 4).Select(_ => CreateProbe(_hostileSystem)).ToList();
        foreach (var sender in senders)
        {
            Seen(relay, _hostileSystem).Tell(Call(CallerId.New(), "queue"), sender);
            objects.ExpectMsg<DurableObjectProtocol.CallDurableObject>(Patience);
        }

        for (var more = 0; more < 20; more++)
        {
            Seen(relay, _hostileSystem).Tell(Call(CallerId.New(), "queue"), _hostile);
            AssertRefused("actors.client-limits.waiting-calls");
        }

        Seen(relay, _otherSystem).Tell(Call(CallerId.New(), "queue"), _other);
        objects.ExpectMsg<DurableObjectProtocol.CallDurableObject>(Patience);
        _hostileSystem.Stop(senders[0]);
        AwaitAssert(() => Assert.Equal(3, UsageOf(_hostileSystem).GetUsed(ClientResource.WaitingCalls)), Patience);
    }

    /// <summary>The owner of the queue stands still, and its calls wait in the memory of this coordinator.</summary>
    [Fact]
    public void DurableCalls_WithoutReplies_AreDroppedAboveTheLimit()
    {
        var objects = CreateProbe(Home);
        var relay = Home.ActorOf(Props.Create(() => new DurableRelayActor(objects)), "relay");
        var caller = CallerId.New();
        for (var call = 1; call <= 10; call++)
            Seen(relay, _hostileSystem).Tell(LargeCall(caller, call), _hostile);
        Seen(relay, _hostileSystem).Tell(new DurableObjectProtocol.DurableReplyReceived(Queue, caller, 0), _hostile);
        Assert.Equal([1, 2], ReceiveCalls(objects, 2));
        objects.ExpectMsg<DurableObjectProtocol.DurableReplyReceived>(Patience);
        Seen(relay, _otherSystem).Tell(LargeCall(CallerId.New(), 11), _other);
        Assert.Equal([11], ReceiveCalls(objects, 1));

        relay.Tell(new DurableObjectProtocol.DurableObjectReply(Queue, caller, new ObjectReply(1, ObjectStatus.Ok, 0, [])));
        Seen(relay, _hostileSystem).Tell(LargeCall(caller, 2), _hostile);
        Seen(relay, _hostileSystem).Tell(LargeCall(caller, 3), _hostile);
        Assert.Equal([2, 3], ReceiveCalls(objects, 2));

        Seen(relay, _hostileSystem).Tell(new DurableObjectProtocol.DurableCallAbandoned(Queue, caller, 2), _hostile);
        objects.ExpectMsg<DurableObjectProtocol.DurableCallAbandoned>(Patience);
        Assert.InRange(UsageOf(_hostileSystem).GetUsed(ClientResource.ObjectMemory), ValueLength, 2 * ValueLength);
        _hostileSystem.Stop(_hostile);
        AwaitAssert(() => Assert.Equal(0, UsageOf(_hostileSystem).GetUsed(ClientResource.ObjectMemory)), Patience);
    }

    private void AssertRefused(string setting)
    {
        var reply = _hostile.ExpectMsg<DurableObjectProtocol.DurableObjectReply>(Patience).Reply;
        Assert.Equal(ObjectStatus.OverLimit, reply.Status);
        Assert.Contains(setting, System.Text.Encoding.UTF8.GetString(reply.Payloads[0].Span), StringComparison.Ordinal);
    }

    private ClientUsage UsageOf(ActorSystem client)
    {
        var address = ((ExtendedActorSystem)client).Provider.DefaultAddress;
        return ClientUsages.FindUsage(Home, ((ExtendedActorSystem)Home).Provider.ResolveActorRef(new RootActorPath(address) / "user"))!;
    }

    private static List<long> ReceiveCalls(TestProbe objects, int count) => Enumerable.Range(0, count)
        .Select(_ => objects.ExpectMsg<DurableObjectProtocol.CallDurableObject>(Patience).Call.Call)
        .Order().ToList();

    private static DurableObjectProtocol.CallDurableObject LargeCall(CallerId caller, long number) =>
        new(Queue, caller, 1, new ObjectCall(Queue, number, ObjectOperation.Put, -1, 0, [new byte[ValueLength]]));

    private static DurableObjectProtocol.CallDurableObject Call(CallerId caller, string queue)
    {
        var id = ObjectId.FromDurableName(queue, 0);
        return new(id, caller, 1, new ObjectCall(id, 1, ObjectOperation.Count, -1, 0, []));
    }
}
