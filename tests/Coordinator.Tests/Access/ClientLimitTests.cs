using System.Net;
using System.Collections.Immutable;
using Actors.Coordinator.Clients;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Peers;
using Actors.Coordinator.Pools;
using Actors.Coordinator.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>
/// A client opens pools, submits jobs, creates objects and calls them without end. It is refused above its limits, the coordinator's memory
/// stays bounded, and another client is not affected.
/// </summary>
public sealed class ClientLimitTests : CoordinatorTestKit
{
    private const string Limits = """
        actors.client-limits {
          pools = 3, job-memory = 1MiB, objects = 5, object-memory = 256KiB, waiting-calls = 4, durable-queues = 3, unread-answers = 64KiB,
          total-memory = 0
        }
        """;

    private const int NameLength = 1024;

    private readonly ActorSystem _hostileSystem;
    private readonly ActorSystem _otherSystem;
    private readonly TestProbe _hostile;
    private readonly TestProbe _other;
    private readonly IActorRef _coordinator;

    public ClientLimitTests() : base(space: 1 << 20, Limits)
    {
        (_hostileSystem, _otherSystem) = (StartSystem(), StartSystem());
        (_hostile, _other) = (CreateProbe(_hostileSystem), CreateProbe(_otherSystem));
        _coordinator = Seen(CoordinatorActor, _hostileSystem);
    }

    [Fact]
    public void OpenPool_AboveTheLimit_IsRefusedUntilAPoolEnds()
    {
        var pools = Enumerable.Range(0, 3).Select(_ => OpenPool(_hostileSystem, _hostile)).ToList();
        for (var more = 0; more < 50; more++)
        {
            _coordinator.Tell(new PoolProtocol.OpenPool(PoolId.New(), PoolSchedule.Spec()), _hostile);
            var refused = _hostile.ExpectMsg<PoolProtocol.PoolRefused>(Patience);
            Assert.True(refused.IsOverLimit);
            Assert.Contains("3 open pools", refused.Reason, StringComparison.Ordinal);
            Assert.Contains("actors.client-limits.pools", refused.Reason, StringComparison.Ordinal);
        }

        // A second actor of the same program has no limit of its own; another program has.
        _coordinator.Tell(new PoolProtocol.OpenPool(PoolId.New(), PoolSchedule.Spec()), CreateProbe(_hostileSystem));
        OpenPool(_otherSystem, _other);

        _hostile.Watch(pools[0]);
        pools[0].Tell(new PoolProtocol.TerminatePool(), _hostile);
        _hostile.ExpectMsg<PoolProtocol.PoolFinished>(Patience);
        _hostile.ExpectTerminated(pools[0], Patience);
        OpenPool(_hostileSystem, _hostile);
    }

    /// <summary>The pool writes no session, and assigns no job ids, for a client that it refuses.</summary>
    [Fact]
    public void OpenDurablePool_AboveTheLimit_AssignsNoJobIds()
    {
        var (id, nodes) = (PoolId.FromName("durable"), CreateProbe(Home).Ref);
        var plugins = new JournalPlugins("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");
        var pool = Home.ActorOf(Props.Create(() => new DurablePoolActor(id, nodes, plugins, TimeProvider.System, "farewell", true)));
        var open = new PoolProtocol.OpenPool(id, PoolSchedule.Spec() with { Name = "durable" });
        for (var pools = 0; pools < 3; pools++)
            OpenPool(_hostileSystem, _hostile);

        for (var more = 0; more < 5; more++)
        {
            Seen(pool, _hostileSystem).Tell(open with { Session = SessionId.New(), Range = -1 }, _hostile);
            Assert.True(_hostile.ExpectMsg<PoolProtocol.PoolRefused>(Patience).IsOverLimit);
        }

        Seen(pool, _otherSystem).Tell(open with { Session = SessionId.New(), Range = -1 }, _other);
        Assert.Equal(0, _other.ExpectMsg<PoolProtocol.PoolOpened>(Patience).Range);
    }

    /// <summary>A search loads the pool, and an unknown one stays in memory for some seconds.</summary>
    [Fact]
    public void FindPool_ManyPools_IsRefusedAboveTheLimit()
    {
        var store = CreateProbe(Home);
        var pools = Home.ActorOf(Props.Create(() => new PoolsActor(ActorRefs.Nobody, ActorRefs.Nobody, store)), "pools-1");
        foreach (var pool in new[] { 1, 2, 3, 1 })
        {
            Seen(pools, _hostileSystem).Tell(new PoolProtocol.FindPool(PoolId.FromName($"{pool}")), _hostile);
            store.ExpectMsg<PoolProtocol.FindPool>(Patience);
        }

        Seen(pools, _hostileSystem).Tell(new PoolProtocol.FindPool(PoolId.FromName("4")), _hostile);
        var refused = _hostile.ExpectMsg<PoolProtocol.PoolRefused>(Patience);
        Assert.True(refused.IsOverLimit);
        Assert.Contains("actors.client-limits.pools", refused.Reason, StringComparison.Ordinal);
        Seen(pools, _otherSystem).Tell(new PoolProtocol.FindPool(PoolId.FromName("4")), _other);
        store.ExpectMsg<PoolProtocol.FindPool>(Patience);
    }

    [Fact]
    public void PublishObject_ManyNames_IsRefusedAboveTheLimit()
    {
        var (id, other) = (Create(_hostile, ObjectKind.Queue, 0, []), Create(_other, ObjectKind.Queue, 0, []));

        var names = 0;
        string? refusal;
        while ((refusal = Publish(_hostile, $"{names}", id).Refusal) is null)
            names++;

        Assert.InRange(names, 1, (256 << 10) / NameLength);
        Assert.Contains("actors.client-limits.object-memory", refusal, StringComparison.Ordinal);
        Assert.Null(Publish(_other, "other", other).Refusal);
        Assert.True(Publish(_hostile, "0", id: null).Proxy.IsEmpty);
        Assert.False(Publish(_hostile, "again", id).Proxy.IsEmpty);
    }

    /// <summary>Nothing would remove a name without an object.</summary>
    [Fact]
    public void PublishObject_WithoutObjectOrTooLarge_IsNotPublished()
    {
        var id = Create(_hostile, ObjectKind.Queue, 0, []);
        var coordinator = Seen(CoordinatorActor, _hostileSystem);
        coordinator.Tell(new ObjectProtocol.PublishObject("none", [], "queue", new byte[1]), _hostile);
        coordinator.Tell(new ObjectProtocol.PublishObject("large", [id], "queue", new byte[65 << 10]), _hostile);
        Assert.True(_hostile.ExpectMsg<ObjectProtocol.NamedObjectReply>(Patience).Proxy.IsEmpty);
        Assert.True(_hostile.ExpectMsg<ObjectProtocol.NamedObjectReply>(Patience).Proxy.IsEmpty);
    }

    [Fact]
    public void FindNamedObject_ManyAtOnce_IsRefusedAboveTheLimit()
    {
        var shards = CreateProbe(Home);
        var names = Home.ActorOf(Props.Create(() => new NamesActor(ActorRefs.Nobody, shards)), "names-1");
        for (var name = 1; name <= 4; name++)
        {
            Seen(names, _hostileSystem).Tell(new ObjectProtocol.FindNamedObject($"{name}"), _hostile);
            shards.ExpectMsg<ObjectProtocol.FindNamedObject>(Patience);
        }

        Seen(names, _hostileSystem).Tell(new ObjectProtocol.FindNamedObject("5"), _hostile);
        Assert.Contains(
            "actors.client-limits.waiting-calls", _hostile.ExpectMsg<Status.Failure>(Patience).Cause.Message, StringComparison.Ordinal);
        shards.Reply(new ObjectProtocol.NamedObjectReply("4", "", default));
        _hostile.ExpectMsg<ObjectProtocol.NamedObjectReply>(Patience);
        Seen(names, _hostileSystem).Tell(new ObjectProtocol.FindNamedObject("5"), _hostile);
        shards.ExpectMsg<ObjectProtocol.FindNamedObject>(Patience);
    }

    /// <summary>Waiting requests count, but not their bytes: 100,000 names of 16 MiB.</summary>
    [Fact]
    public void FindNamedObject_LongName_IsNotSentToAnOwner()
    {
        var (objects, shards) = (CreateProbe(Home), CreateProbe(Home));
        var names = Home.ActorOf(Props.Create(() => new NamesActor(objects, shards)), "names-1");

        Seen(names, _hostileSystem).Tell(new ObjectProtocol.FindNamedObject(new string('n', ObjectProtocol.LongestName + 1)), _hostile);
        objects.ExpectMsg<ObjectProtocol.FindNamedObject>(Patience);
        Seen(names, _hostileSystem).Tell(new ObjectProtocol.FindNamedObject(new string('n', ObjectProtocol.LongestName)), _hostile);
        Assert.Equal(ObjectProtocol.LongestName, shards.ExpectMsg<ObjectProtocol.FindNamedObject>(Patience).Name.Length);
    }

    /// <summary>Each actor of a client that calls objects of another coordinator has an actor here, which counts beside its call.</summary>
    [Fact]
    public void ObjectCall_ManyCallersOfAnotherCoordinator_AreRefusedAboveTheLimit()
    {
        var (peers, entry, owner) = (CreateProbe(Home), CreateProbe(Home), CreateProbe(Home));
        var elsewhere = Home.ActorOf(Props.Create(() => new PeerObjectsActor(peers, entry)), "elsewhere-1");
        elsewhere.Tell(new PeersProtocol.PeersReply([new PeersProtocol.PeerCoordinator(7, owner)], IsComplete: true));
        var target = ObjectId.New(7);
        for (var caller = 1; caller <= 2; caller++)
        {
            Seen(elsewhere, _hostileSystem).Tell(Count(target, 1), CreateProbe(_hostileSystem));
            owner.FishForMessage(message => message is ObjectCall { Call: 1 }, Patience);
        }

        Seen(elsewhere, _hostileSystem).Tell(Count(target, 1), _hostile);
        AssertOverLimit("waiting-calls");
        Seen(elsewhere, _otherSystem).Tell(Count(target, 2), _other);
        owner.FishForMessage(message => message is ObjectCall { Call: 2 }, Patience);
    }

    /// <summary>Calls on objects of unknown coordinators wait until all coordinators are known.</summary>
    [Fact]
    public void ObjectCall_OwnerIsNotKnown_CountsTowardTheMemory()
    {
        var (peers, entry) = (CreateProbe(Home), CreateProbe(Home));
        var elsewhere = Home.ActorOf(Props.Create(() => new PeerObjectsActor(peers, entry)), "elsewhere-1");
        var target = ObjectId.New(7);
        for (var call = 1; call <= 3; call++)
        {
            Seen(elsewhere, _hostileSystem).Tell(
                new ObjectCall(target, call, ObjectOperation.Put, -1, 0, [new byte[100 << 10]]), _hostile);
        }

        AssertOverLimit("object-memory");
        elsewhere.Tell(new PeersProtocol.PeersReply([], IsComplete: true));
        for (var call = 1; call <= 2; call++)
            Assert.Equal(ObjectStatus.Unreachable, _hostile.ExpectMsg<ObjectReply>(Patience).Status);
    }

    [Fact]
    public void SubmitJobs_AboveTheMemory_AreRefusedAndNotStored()
    {
        var pool = OpenPool(_hostileSystem, _hostile);
        var refused = 0;
        for (var number = 1; number <= 20; number++)
        {
            pool.Tell(new PoolProtocol.SubmitJobs([Job(number, 700 << 10)], WantsReply: true, number, Acknowledged: refused), _hostile);
            if (_hostile.FishForMessage(message => message is PoolProtocol.JobsAccepted or PoolProtocol.JobsEnded, Patience)
                is not PoolProtocol.JobsEnded ended)
                continue;
            refused++;
            _hostile.ExpectMsg<PoolProtocol.JobsAccepted>(Patience);
            var exception = FailureConverter.ToException(ended.Outcomes.Single().Failure!, "test");
            Assert.Contains("actors.client-limits.job-memory", Assert.IsType<ClientLimitException>(exception).Message,
                StringComparison.Ordinal);
        }

        Assert.Equal(19, refused);
        Assert.InRange(UsageOf(_hostileSystem).GetUsed(ClientResource.JobMemory), 700 << 10, 1 << 20);
        var other = OpenPool(_otherSystem, _other);
        Seen(other, _otherSystem).Tell(new PoolProtocol.SubmitJobs([Job(1, 256 << 10)], Number: 1), _other);
        _other.ExpectMsg<PoolProtocol.JobsAccepted>(Patience);
    }

    [Fact]
    public void SubmitJobs_RefusalsAreNotAcknowledged_EndsThePool()
    {
        var pool = OpenPool(_hostileSystem, _hostile);
        _hostile.IgnoreMessages(message =>
            message is PoolProtocol.JobsEnded or PoolProtocol.JobsAccepted or PoolProtocol.PoolFinished);
        _hostile.Watch(pool);

        for (var number = 1; number <= 200; number++)
        {
            var jobs = Enumerable.Range(0, 100).Select(job => Job((number * 100) + job, 1 << 10)).ToImmutableArray();
            pool.Tell(new PoolProtocol.SubmitJobs(jobs, WantsReply: true, number), _hostile);
        }

        Assert.True(_hostile.ExpectMsg<PoolProtocol.PoolRefused>(Patience).IsOverLimit);
        _hostile.ExpectTerminated(pool, Patience);
    }

    [Fact]
    public void Results_NotAcknowledged_PauseThePoolUntilTheyAre()
    {
        var (nodeSystem, node, executorId) = (StartSystem(), NodeId.New(), ExecutorId.New());
        var (nodeProbe, executor) = (CreateProbe(nodeSystem), CreateProbe(nodeSystem));
        executor.IgnoreMessages(message => message is NodeProtocol.CompareExecutor);
        Seen(CoordinatorActor, nodeSystem).Tell(new NodeProtocol.Join(node, "node", 1), nodeProbe);
        nodeProbe.ExpectMsg<NodeProtocol.JoinAccepted>(Patience);
        var pool = OpenPool(_hostileSystem, _hostile);
        nodeProbe.ExpectMsg<NodeProtocol.ProvideExecutors>(Patience);
        Seen(pool, nodeSystem).Tell(new NodeProtocol.ExecutorReady(executorId, node, "node", 17), executor);
        _hostile.ExpectMsg<PoolProtocol.WorkerStarted>(Patience);

        // Each job is sent alone, because it may run once only.
        pool.Tell(new PoolProtocol.SubmitJobs([.. Enumerable.Range(1, 10).Select(id => Job(id, 1, attempts: 1))], true, 1), _hostile);
        _hostile.ExpectMsg<PoolProtocol.JobsAccepted>(Patience);
        for (var done = 1; done <= 3; done++)
        {
            var run = executor.ExpectMsg<NodeProtocol.RunJobs>(Patience);
            var outcome = new JobOutcome(run.Jobs.Single().Id, JobStatus.Succeeded, new byte[200 << 10], null, 1);
            Seen(pool, nodeSystem).Tell(new NodeProtocol.JobsDone(executorId, [outcome], done), executor);
            _hostile.ExpectMsg<PoolProtocol.JobsEnded>(Patience);
        }

        // The third result exceeds half of 1 MiB. At most one job was sent before the pause.
        var sent = executor.ReceiveWhile(TimeSpan.FromMilliseconds(300), message => message).Count;
        Assert.InRange(sent, 0, 1);
        pool.Tell(new PoolProtocol.AcknowledgeJobsEnded(3), _hostile);
        if (sent == 0)
            executor.ExpectMsg<NodeProtocol.RunJobs>(Patience);
    }

    [Fact]
    public void CreateObject_AboveTheLimit_IsRefusedUntilAnObjectIsRemoved()
    {
        var ids = Enumerable.Range(0, 5).Select(_ => Create(_hostile, ObjectKind.Value, 0, [1])).ToList();
        for (var more = 0; more < 50; more++)
            Assert.Contains("actors.client-limits.objects", TryCreate(_hostile, ObjectKind.Queue).Refusal, StringComparison.Ordinal);
        Create(_other, ObjectKind.Value, 0, [1]);
        _coordinator.Tell(new ObjectProtocol.RemoveManagedObject(ids[0]), _hostile);
        AwaitAssert(() => Assert.Null(TryCreate(_hostile, ObjectKind.Queue).Refusal), Patience);
    }

    [Fact]
    public void CreateObject_OneHugeArray_IsRefused() => Assert.Contains(
        "actors.client-limits.object-memory", TryCreate(_hostile, ObjectKind.Bytes, 1 << 30).Refusal, StringComparison.Ordinal);

    [Theory]
    [InlineData(ObjectKind.Queue, ObjectOperation.Put)]
    [InlineData(ObjectKind.PriorityQueue, ObjectOperation.Put)]
    [InlineData(ObjectKind.List, ObjectOperation.ListAdd)]
    [InlineData(ObjectKind.Dictionary, ObjectOperation.DictionarySet)]
    public void Call_ObjectIsFull_IsRefusedUntilAValueIsRemoved(ObjectKind kind, ObjectOperation operation)
    {
        var id = Create(_hostile, kind, 0, []);
        var statuses = new List<ObjectStatus>();
        for (var call = 1; call <= 60; call++)
        {
            var value = new byte[25 << 10];
            BitConverter.TryWriteBytes(value.AsSpan(8), call);
            ImmutableArray<ReadOnlyMemory<byte>> payloads = operation == ObjectOperation.DictionarySet
                ? [BitConverter.GetBytes(call), value]
                : [value];
            statuses.Add(Call(_hostile, id, call, operation, payloads).Status);
        }

        Assert.Equal(Enumerable.Repeat(ObjectStatus.Ok, 10).Concat(Enumerable.Repeat(ObjectStatus.OverLimit, 50)), statuses);
        var remove = kind switch
        {
            ObjectKind.List => Call(_hostile, id, 100, ObjectOperation.ListRemoveAt, []),
            ObjectKind.Dictionary => Call(_hostile, id, 100, ObjectOperation.DictionaryRemove, [BitConverter.GetBytes(1)]),
            _ => Call(_hostile, id, 100, ObjectOperation.Get, []),
        };
        Assert.Equal(ObjectStatus.Ok, remove.Status);
        _coordinator.Tell(new ObjectReplyReceived(id, 100), _hostile);
        Assert.Equal(
            ObjectStatus.Ok, Call(_hostile, id, 101, operation, operation == ObjectOperation.DictionarySet ? [new byte[1], new byte[1]]
                : [new byte[1]]).Status);
    }

    [Fact]
    public void Call_TooManyWait_IsRefusedUntilOneEnds()
    {
        var (queue, otherQueue) = (Create(_hostile, ObjectKind.Queue, 0, []), Create(_other, ObjectKind.Queue, 0, []));
        for (var call = 1; call <= 4; call++)
            Tell(_hostile, queue, call, ObjectOperation.Get, []);
        AwaitAssert(() => Assert.Equal(4, UsageOf(_hostileSystem).GetUsed(ClientResource.WaitingCalls)), Patience);
        // The limit holds for all objects and all actors of the program.
        var second = CreateProbe(_hostileSystem);
        for (var call = 5; call <= 30; call++)
            Assert.Equal(ObjectStatus.OverLimit, Call(second, otherQueue, call, ObjectOperation.Get, []).Status);

        Tell(_other, otherQueue, 1, ObjectOperation.Get, []);
        Assert.Equal(ObjectStatus.Ok, Call(second, queue, 31, ObjectOperation.Put, [new byte[1]]).Status);
        Assert.Equal((1L, ObjectStatus.Ok), Answer(_hostile));
        Tell(_hostile, queue, 40, ObjectOperation.Get, []);
        Assert.Equal(ObjectStatus.Ok, Call(second, otherQueue, 32, ObjectOperation.Put, [new byte[1]]).Status);
        Assert.Equal((1L, ObjectStatus.Ok), Answer(_other));
        _coordinator.Tell(new ObjectCallAbandoned(queue, 40), _hostile);
        Tell(_hostile, queue, 41, ObjectOperation.Get, []);
        Assert.Equal(ObjectStatus.Ok, Call(second, queue, 33, ObjectOperation.Count, []).Status);
    }

    [Fact]
    public void Call_FromAnyNumberOfActors_IsRefusedAboveTheMemory()
    {
        var id = Create(_other, ObjectKind.Value, 0, [1]);
        var statuses = Enumerable.Range(0, 3000)
            .Select(actor => Call(_hostile, id, actor, ObjectOperation.GetValue, [], sender: CreateSender(actor)).Status);
        Assert.Contains(ObjectStatus.OverLimit, statuses);
        Assert.Equal(ObjectStatus.Ok, Call(_other, id, 1, ObjectOperation.GetValue, []).Status);
    }

    [Fact]
    public void Call_OfAnotherWorkerOfTheNode_IsNotAffected()
    {
        var nodeSystem = StartSystem();
        var address = HostPort.FromAddress(((ExtendedActorSystem)nodeSystem).Provider.DefaultAddress);
        Assert.Null(ProvenLinks.GetLinks(Home).TryAdd(new LinkPeer(LinkRole.Node, address, default), new LinkSource(IPAddress.Loopback)));
        var (worker, another) = (CreateProbe(nodeSystem), CreateProbe(nodeSystem));
        for (var object_ = 0; object_ < 5; object_++)
            Create(worker, ObjectKind.Queue, 0, []);
        Assert.NotNull(TryCreate(worker, ObjectKind.Queue).Refusal);
        Assert.Null(TryCreate(another, ObjectKind.Queue).Refusal);
    }

    /// <summary>A node could invent workers, so they have a common limit of sixteen clients.</summary>
    [Fact]
    public void Create_ByManyWorkersOfANode_IsRefusedAboveTheirCommonLimit()
    {
        var nodeSystem = StartSystem();
        var address = HostPort.FromAddress(((ExtendedActorSystem)nodeSystem).Provider.DefaultAddress);
        Assert.Null(ProvenLinks.GetLinks(Home).TryAdd(new LinkPeer(LinkRole.Node, address, default), new LinkSource(IPAddress.Loopback)));

        var refusals = Enumerable.Range(0, 100).Select(_ => TryCreate(CreateProbe(nodeSystem), ObjectKind.Queue).Refusal).ToList();

        Assert.Equal(5 * 16, refusals.Count(refusal => refusal is null));
        Assert.Null(TryCreate(_other, ObjectKind.Queue).Refusal);
    }

    private ClientUsage UsageOf(ActorSystem client)
    {
        var address = ((ExtendedActorSystem)client).Provider.DefaultAddress;
        return ClientUsages.FindUsage(Home, ((ExtendedActorSystem)Home).Provider.ResolveActorRef(new RootActorPath(address) / "user"))!;
    }

    private IActorRef CreateSender(int number) => _hostileSystem.ActorOf(
        Props.Create(() => new ForwardingActor(_hostile)), $"sender-{number}");

    private ObjectId Create(TestProbe maker, ObjectKind kind, long number, ImmutableArray<byte> value)
    {
        var (id, refusal) = TryCreate(maker, kind, number, value.IsEmpty ? [] : [value.ToArray()]);
        Assert.Null(refusal);
        return id;
    }

    private (ObjectId Id, string? Refusal) TryCreate(
        TestProbe maker, ObjectKind kind, long number = 0, ImmutableArray<ReadOnlyMemory<byte>> payloads = default)
    {
        var id = ObjectId.New();
        Seen(CoordinatorActor, maker.Sys).Tell(
            new ObjectProtocol.CreateManagedObject(id, kind, number, payloads.IsDefault ? [] : payloads), maker);
        return (id, maker.ExpectMsg<object>(Patience) is ObjectProtocol.ObjectRefused refused ? refused.Reason : null);
    }

    /// <summary>Publishes an object, or removes the name.</summary>
    private ObjectProtocol.NamedObjectReply Publish(TestProbe client, string name, ObjectId? id)
    {
        Seen(CoordinatorActor, client.Sys).Tell(
            new ObjectProtocol.PublishObject(
                name, id is { } known ? [known] : [], "queue", id is null ? default : Enumerable.Repeat((byte)1, NameLength).ToArray()),
            client);
        return client.ExpectMsg<ObjectProtocol.NamedObjectReply>(Patience);
    }

    private void Tell(
        TestProbe caller, ObjectId id, long call, ObjectOperation operation, ImmutableArray<ReadOnlyMemory<byte>> payloads,
        IActorRef? sender = null) =>
        Seen(CoordinatorActor, caller.Sys).Tell(new ObjectCall(id, call, operation, -1, 1, payloads), sender ?? caller);

    private ObjectReply Call(
        TestProbe caller, ObjectId id, long call, ObjectOperation operation, ImmutableArray<ReadOnlyMemory<byte>> payloads,
        IActorRef? sender = null)
    {
        Tell(caller, id, call, operation, payloads, sender);
        var reply = caller.ExpectMsg<ObjectReply>(Patience);
        Assert.Equal(call, reply.Call);
        return reply;
    }

    private static (long Call, ObjectStatus Status) Answer(TestProbe caller)
    {
        var reply = caller.ExpectMsg<ObjectReply>(Patience);
        return (reply.Call, reply.Status);
    }

    private static ObjectCall Count(ObjectId target, long call) => new(target, call, ObjectOperation.Count, -1, 0, []);

    private void AssertOverLimit(string resource)
    {
        var reply = _hostile.ExpectMsg<ObjectReply>(Patience);
        Assert.Equal(ObjectStatus.OverLimit, reply.Status);
        Assert.Contains(
            $"actors.client-limits.{resource}", System.Text.Encoding.UTF8.GetString(reply.Payloads[0].Span), StringComparison.Ordinal);
    }

    private static JobSpec Job(long id, int length, int attempts = 3) =>
        new(new JobId(id), new FunctionRef("f", new byte[] { 1 }), new byte[length], new JobPolicy(0, attempts));

    private sealed class ForwardingActor : ReceiveActor
    {
        public ForwardingActor(IActorRef target) => ReceiveAny(message => target.Forward(message));
    }
}
