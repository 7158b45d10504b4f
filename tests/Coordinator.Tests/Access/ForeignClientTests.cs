using System.Security.Cryptography;
using Actors.Coordinator.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>
/// An authenticated client sends messages about another client's pools, payloads and objects. It knows every path and id. Coordinator, node
/// and both clients are actor systems on loopback.
/// </summary>
public sealed class ForeignClientTests : CoordinatorTestKit
{
    private readonly ActorSystem _ownerSystem;
    private readonly ActorSystem _otherSystem;
    private readonly ActorSystem _nodeSystem;
    private readonly TestProbe _owner;
    private readonly TestProbe _other;
    private readonly TestProbe _node;
    private readonly TestProbe _refusals;
    private readonly PoolId _poolId = PoolId.New();
    private readonly NodeId _nodeId = NodeId.New();
    private readonly ExecutorId _executor = ExecutorId.New();

    public ForeignClientTests() : base(space: 2 << 20)
    {
        (_ownerSystem, _otherSystem, _nodeSystem) = (StartSystem(), StartSystem(), StartSystem());
        (_owner, _other, _node) = (CreateProbe(_ownerSystem), CreateProbe(_otherSystem), CreateProbe(_nodeSystem));
        _refusals = CreateProbe(Home);
        Home.EventStream.Subscribe(_refusals, typeof(MessageRefused));
    }

    public static TheoryData<string> ToAPool() =>
    [
        nameof(PoolProtocol.OpenPool), nameof(PoolProtocol.SubmitJobs), nameof(PoolProtocol.CancelJobs), nameof(PoolProtocol.WithdrawJobs),
            nameof(PoolProtocol.WithdrawAllJobs),
        nameof(PoolProtocol.QueryJob), nameof(PoolProtocol.ClosePool), nameof(PoolProtocol.TerminatePool), nameof(PoolProtocol.KillWorker),
            nameof(PoolProtocol.TerminateWorker),
        nameof(PoolProtocol.WorkerOutputWritten), nameof(PoolProtocol.RequestMapProgress), nameof(PoolProtocol.AcknowledgeJobsEnded),
            nameof(PoolProtocol.ComparePool), nameof(PoolProtocol.AttachToJobs),
        nameof(PoolProtocol.ForgetOutcomes), nameof(PoolProtocol.DetachFromPool),
        nameof(NodeProtocol.ExecutorStarting), nameof(NodeProtocol.ExecutorReady), nameof(NodeProtocol.JobsDone),
            nameof(NodeProtocol.JobsReturned), nameof(NodeProtocol.JobsMissed),
        nameof(NodeProtocol.JobsHeld), nameof(NodeProtocol.ExecutorRetiring), nameof(NodeProtocol.ExecutorOutput),
            nameof(NodeProtocol.JobProgressReport), nameof(NodeProtocol.ExecutorExited),
        nameof(PayloadProtocol.OfferPayload), nameof(PayloadProtocol.CompletePayload), nameof(PayloadProtocol.FetchPayload),
        nameof(PayloadProtocol.ReleasePayload), nameof(PayloadProtocol.DropShared),
    ];

    [Theory]
    [MemberData(nameof(ToAPool))]
    public void Pool_MessageOfAnotherClient_IsRefused(string operation)
    {
        var (pool, executor) = OpenWithAJob();

        Seen(pool, _otherSystem).Tell(MessageOf(operation), _other);

        Assert.Equal(operation, _refusals.ExpectMsg<MessageRefused>(Patience).Message.GetType().Name);
        Seen(pool, _nodeSystem).Tell(new NodeProtocol.JobsDone(_executor, [Succeeded(1)], 10), executor);
        var outcome = Assert.Single(((PoolProtocol.JobsEnded)_owner.FishForMessage(message => message is PoolProtocol.JobsEnded, Patience))
            .Outcomes);
        Assert.Equal((new JobId(1), JobStatus.Succeeded, 7), (outcome.Id, outcome.Status, outcome.Payload.Span[0]));
        _other.ExpectNoMsg(TimeSpan.Zero);
        // The pool still accepts jobs.
        Seen(pool, _ownerSystem).Tell(new PoolProtocol.SubmitJobs([Job(2)], Number: 2), _owner);
        Assert.Equal(new JobId(2), ((NodeProtocol.RunJobs)executor.FishForMessage(message => message is NodeProtocol.RunJobs, Patience))
            .Jobs.Single().Id);
    }

    [Fact]
    public void Open_IdOfAnotherClientsPool_IsRefused()
    {
        OpenWithAJob();

        Seen(CoordinatorActor, _otherSystem).Tell(new PoolProtocol.OpenPool(_poolId, PoolSchedule.Spec()), _other);

        Assert.IsType<PoolProtocol.OpenPool>(_refusals.ExpectMsg<MessageRefused>(Patience).Message);
        _other.ExpectNoMsg(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(nameof(NodeProtocol.Join))]
    [InlineData(nameof(NodeProtocol.Heartbeat))]
    [InlineData(nameof(NodeProtocol.NodeDraining))]
    [InlineData(nameof(NodeProtocol.NodeLeft))]
    public void Node_MessageOfAnotherSender_IsRefused(string operation)
    {
        OpenWithAJob();
        object message = operation switch
        {
            nameof(NodeProtocol.Join) => new NodeProtocol.Join(_nodeId, "node", 1),
            nameof(NodeProtocol.Heartbeat) => new NodeProtocol.Heartbeat(_nodeId),
            nameof(NodeProtocol.NodeDraining) => new NodeProtocol.NodeDraining(_nodeId),
            _ => new NodeProtocol.NodeLeft(_nodeId),
        };

        Seen(CoordinatorActor, _otherSystem).Tell(message, _other);

        Assert.Equal(operation, _refusals.ExpectMsg<MessageRefused>(Patience).Message.GetType().Name);
        Seen(CoordinatorActor, _otherSystem).Tell(new NodeProtocol.ListNodes(), _other);
        Assert.False(Assert.Single(_other.ExpectMsg<NodeProtocol.ListNodesReply>(Patience).Nodes).IsDraining);
    }

    [Fact]
    public async Task Fetch_PayloadOfAnotherClientsPool_IsRefused()
    {
        var (pool, _) = OpenWithAJob();
        var bytes = new byte[] { 1, 2, 3 };
        var payload = PayloadId.New();
        var own = Seen(pool, _ownerSystem);
        own.Tell(new PayloadProtocol.OfferPayload(payload, bytes.Length, default), _owner);
        _owner.FishForMessage(message => message is PayloadProtocol.PayloadReady, Patience);
        Seen(CoordinatorActor, _otherSystem).Tell(new PoolProtocol.OpenPool(PoolId.New(), PoolSchedule.Spec()), _other);
        _other.ExpectMsg<PoolProtocol.PoolOpened>(Patience);
        var others = _other.LastSender;

        object[] attacks =
        [
            new PayloadProtocol.CompletePayload(payload, default), new PayloadProtocol.ReleasePayload(payload),
            new PayloadProtocol.FetchPayload(payload), new PayloadProtocol.OfferPayload(payload, 3, default),
        ];
        foreach (var attack in attacks)
        {
            others.Tell(attack, _other);
            if (attack is not PayloadProtocol.ReleasePayload)
                _other.ExpectMsg<PayloadProtocol.PayloadRefused>(Patience);
        }

        await Assert.ThrowsAsync<DataRefusedException>(() => LocalData.SendAsync(_otherSystem, Data, payload, [9, 9, 9]));
        await LocalData.SendAsync(_ownerSystem, Data, payload, bytes);
        own.Tell(new PayloadProtocol.CompletePayload(payload, PayloadHash.FromBytes(ContentHash.HashPayload(bytes))), _owner);
        _owner.ExpectMsg<PayloadProtocol.PayloadStored>(Patience);
    }

    /// <summary>Another client knows the pool and the id of a payload, for example from a log.</summary>
    [Fact]
    public async Task Payload_MessageOfAnotherClient_IsRefused()
    {
        var (pool, _) = OpenWithAJob();
        var (bytes, payload, unfinished) = (new byte[] { 1, 2, 3 }, PayloadId.New(), PayloadId.New());
        var own = Seen(pool, _ownerSystem);
        await UploadAsync(own, payload, bytes);
        own.Tell(new PayloadProtocol.OfferPayload(unfinished, bytes.Length, default), _owner);
        _owner.ExpectMsg<PayloadProtocol.PayloadReady>(Patience);

        object[] attacks =
        [
            new PayloadProtocol.FetchPayload(payload), new PayloadProtocol.ReleasePayload(payload),
            new PayloadProtocol.CompletePayload(unfinished, default), new PayloadProtocol.OfferPayload(PayloadId.New(), 1 << 20, default),
        ];
        foreach (var attack in attacks)
        {
            Seen(pool, _otherSystem).Tell(attack, _other);
            Assert.IsType(attack.GetType(), _refusals.ExpectMsg<MessageRefused>(Patience).Message);
        }

        // A message without a sender.
        Seen(pool, _otherSystem).Tell(new PayloadProtocol.ReleasePayload(payload), ActorRefs.NoSender);
        Assert.IsType<PayloadProtocol.ReleasePayload>(_refusals.ExpectMsg<MessageRefused>(Patience).Message);
        own.Tell(new PayloadProtocol.FetchPayload(payload), _owner);
        _owner.ExpectMsg<PayloadProtocol.PayloadReady>(Patience);
        await Assert.ThrowsAsync<DataRefusedException>(() => LocalData.ReceiveAsync(_otherSystem, Data, payload, bytes.Length));
        await Assert.ThrowsAsync<DataRefusedException>(() => LocalData.SendAsync(_otherSystem, Data, unfinished, bytes));
        Assert.Equal(bytes, await LocalData.ReceiveAsync(_ownerSystem, Data, payload, bytes.Length));
        await LocalData.SendAsync(_ownerSystem, Data, unfinished, bytes);
        _other.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Call_GuessedObjectId_IsAnsweredNoSuchObject()
    {
        var id = ObjectId.New();
        Seen(CoordinatorActor, _ownerSystem)
            .Tell(new ObjectProtocol.CreateManagedObject(id, ObjectKind.Value, 0, [new byte[] { 7 }]), _owner);
        _owner.ExpectMsg<ObjectProtocol.ObjectCreated>(Patience);
        var bytes = id.Value.ToByteArray();
        for (var guess = 0; guess < 16; guess++)
        {
            var near = (byte[])bytes.Clone();
            near[guess % 6] ^= (byte)(1 << (guess % 8));
            Call(_otherSystem, _other, new ObjectId(new Guid(near)), guess, ObjectOperation.Get);
            Assert.Equal(ObjectStatus.NoSuchObject, _other.ExpectMsg<ObjectReply>(Patience).Status);
        }
    }

    /// <summary>A program that knows the id of an object can use it, so the lists for operators show another id.</summary>
    [Theory]
    [InlineData(ObjectKind.Queue, ObjectOperation.Put)]
    [InlineData(ObjectKind.Lock, ObjectOperation.Acquire)]
    public void ListObjects_OfAnotherClient_ShowsNoUsableId(ObjectKind kind, ObjectOperation operation)
    {
        var id = ObjectId.New();
        Seen(CoordinatorActor, _ownerSystem).Tell(new ObjectProtocol.CreateManagedObject(id, kind, 0, []), _owner);
        _owner.ExpectMsg<ObjectProtocol.ObjectCreated>(Patience);

        Seen(CoordinatorActor, _otherSystem).Tell(new ObjectProtocol.ListObjects(kind == ObjectKind.Lock), _other);

        var listed = Assert.Single(_other.ExpectMsg<ObjectProtocol.ListObjectsReply>(Patience).Objects);
        Assert.Equal(kind, listed.Kind);
        Call(_otherSystem, _other, listed.Object, 1, operation, [42]);
        Assert.Contains(
            _other.ExpectMsg<ObjectReply>(Patience).Status, new[] { ObjectStatus.NoSuchObject, ObjectStatus.Unreachable });
        Call(_ownerSystem, _owner, id, 1, operation, [42]);
        Assert.Equal(ObjectStatus.Ok, _owner.ExpectMsg<ObjectReply>(Patience).Status);
    }

    /// <summary>Only a coordinator has asked the other ones whether the name is free.</summary>
    [Fact]
    public void PublishObject_ForThisCoordinatorOnly_IsRefusedFromAClient()
    {
        var id = ObjectId.New();
        Seen(CoordinatorActor, _otherSystem).Tell(new ObjectProtocol.CreateManagedObject(id, ObjectKind.Queue, 0, []), _other);
        _other.ExpectMsg<ObjectProtocol.ObjectCreated>(Patience);

        Seen(CoordinatorActor, _otherSystem).Tell(
            new ObjectProtocol.PublishObject("name", [id], "queue", new byte[] { 1 }, IsLocalOnly: true), _other);

        Assert.IsType<ObjectProtocol.PublishObject>(_refusals.ExpectMsg<MessageRefused>(Patience).Message);
        _other.ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>The reader accepts it, because the member has a default. Then no list of pools could be sent.</summary>
    [Fact]
    public void OpenPool_WithoutAName_IsRefused()
    {
        Seen(CoordinatorActor, _otherSystem).Tell(
            new PoolProtocol.OpenPool(PoolId.New(), PoolSchedule.Spec() with { Name = null! }), _other);

        Assert.IsType<PoolProtocol.OpenPool>(_refusals.ExpectMsg<MessageRefused>(Patience).Message);
    }

    [Fact]
    public void Call_ReplayedByAnotherClient_LeavesTheCallersItem()
    {
        var id = ObjectId.New();
        Seen(CoordinatorActor, _ownerSystem).Tell(new ObjectProtocol.CreateManagedObject(id, ObjectKind.Queue, 0, []), _owner);
        _owner.ExpectMsg<ObjectProtocol.ObjectCreated>(Patience);
        Call(_ownerSystem, _owner, id, 1, ObjectOperation.Count);
        _owner.ExpectMsg<ObjectReply>(Patience);
        Call(_ownerSystem, _owner, id, 2, ObjectOperation.Get);
        Call(_ownerSystem, _owner, id, 3, ObjectOperation.Count);
        _owner.ExpectMsg<ObjectReply>(Patience);

        Call(_otherSystem, _other, id, 2, ObjectOperation.Get);
        Call(_otherSystem, _other, id, 1, ObjectOperation.Drop);
        Call(_otherSystem, _other, id, 3, ObjectOperation.Put, [42]);
        Assert.Equal(3, _other.ExpectMsg<ObjectReply>(Patience).Call);

        var reply = _owner.ExpectMsg<ObjectReply>(Patience);
        Assert.Equal((2L, (byte)42), (reply.Call, reply.Payloads.Single().Span[0]));
        _other.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Object_RemovedOrCreatedByAnotherClient_IsUnchanged()
    {
        var id = ObjectId.New();
        Seen(CoordinatorActor, _ownerSystem).Tell(new ObjectProtocol.CreateManagedObject(id, ObjectKind.Queue, 0, []), _owner);
        _owner.ExpectMsg<ObjectProtocol.ObjectCreated>(Patience);
        Call(_ownerSystem, _owner, id, 1, ObjectOperation.Count);
        _owner.ExpectMsg<ObjectReply>(Patience);
        var actor = Seen(_owner.LastSender, _otherSystem);

        Seen(CoordinatorActor, _otherSystem).Tell(new ObjectProtocol.RemoveManagedObject(id), _other);
        Assert.IsType<ObjectProtocol.RemoveManagedObject>(_refusals.ExpectMsg<MessageRefused>(Patience).Message);
        Seen(CoordinatorActor, _otherSystem).Tell(new ObjectProtocol.CreateManagedObject(id, ObjectKind.Lock, 0, []), _other);
        Assert.IsType<ObjectProtocol.CreateManagedObject>(_refusals.ExpectMsg<MessageRefused>(Patience).Message);
        actor.Tell(new ObjectProtocol.RemoveManagedObject(id), _other);
        Assert.IsType<ObjectProtocol.RemoveManagedObject>(_refusals.ExpectMsg<MessageRefused>(Patience).Message);

        // A message about another client's call concerns the sender's own call of that number.
        Call(_ownerSystem, _owner, id, 2, ObjectOperation.Get);
        Seen(CoordinatorActor, _otherSystem).Tell(new ObjectCallAbandoned(id, 2), _other);
        Seen(CoordinatorActor, _otherSystem).Tell(new ObjectReplyReceived(id, 2), _other);
        Call(_otherSystem, _other, id, 1, ObjectOperation.Put, [42]);
        _other.ExpectMsg<ObjectReply>(Patience);
        Assert.Equal(42, _owner.ExpectMsg<ObjectReply>(Patience).Payloads.Single().Span[0]);
    }

    [Fact]
    public async Task Upload_OfferOfAnotherClient_IsRefused()
    {
        byte[] bytes = [1, 2, 3];
        var (bundle, key) = CreateBundle(bytes);
        var (own, foreign) = (Seen(CoordinatorActor, _ownerSystem), Seen(CoordinatorActor, _otherSystem));
        own.Tell(new BundleProtocol.OfferBundle(bundle), _owner);
        Assert.Equal(Data.Port, _owner.ExpectMsg<BundleProtocol.BundleContentsNeeded>(Patience).Port);
        await LocalData.SendPartAsync(_ownerSystem, Data, key, bytes[..1]);

        await Assert.ThrowsAsync<DataRefusedException>(() => LocalData.SendAsync(_otherSystem, Data, key, [9, 9, 9]));
        var shorter = bundle with { Files = [bundle.Files[0] with { Length = 1 }] };
        foreign.Tell(new BundleProtocol.OfferBundle(shorter), _other);
        _other.ExpectMsg<BundleProtocol.BundleContentsNeeded>(Patience);
        await LocalData.SendAsync(_otherSystem, Data, key, [9]);
        foreign.Tell(new BundleProtocol.OfferBundle(shorter), _other);
        Assert.Contains("hash", _other.ExpectMsg<BundleProtocol.BundleRefused>(Patience).Reason, StringComparison.Ordinal);

        await LocalData.SendAsync(_ownerSystem, Data, key, bytes);
        own.Tell(new BundleProtocol.OfferBundle(bundle), _owner);
        _owner.ExpectMsg<BundleProtocol.BundleStored>(Patience);
    }

    [Fact]
    public async Task Upload_SameContentByTwoClients_CompletesForBoth()
    {
        byte[] bytes = [1, 2, 3];
        var (bundle, key) = CreateBundle(bytes);
        var clients = new[] { (System: _ownerSystem, Probe: _owner), (System: _otherSystem, Probe: _other) };
        foreach (var (system, probe) in clients)
        {
            Seen(CoordinatorActor, system).Tell(new BundleProtocol.OfferBundle(bundle), probe);
            probe.ExpectMsg<BundleProtocol.BundleContentsNeeded>(Patience);
        }

        await Task.WhenAll(clients.Select(client => LocalData.SendAsync(client.System, Data, key, bytes)));

        foreach (var (system, probe) in clients)
        {
            Seen(CoordinatorActor, system).Tell(new BundleProtocol.OfferBundle(bundle), probe);
            probe.ExpectMsg<BundleProtocol.BundleStored>(Patience);
        }
    }

    /// <summary>A client knows the hash of a file of another client's code.</summary>
    [Fact]
    public async Task Download_CodeByAClient_IsRefused()
    {
        byte[] bytes = [1, 2, 3];
        var (bundle, key) = CreateBundle(bytes);
        var own = Seen(CoordinatorActor, _ownerSystem);
        own.Tell(new BundleProtocol.OfferBundle(bundle), _owner);
        _owner.ExpectMsg<BundleProtocol.BundleContentsNeeded>(Patience);
        await LocalData.SendAsync(_ownerSystem, Data, key, bytes);
        own.Tell(new BundleProtocol.OfferBundle(bundle), _owner);
        _owner.ExpectMsg<BundleProtocol.BundleStored>(Patience);

        await Assert.ThrowsAsync<DataRefusedException>(() => LocalData.ReceiveAsync(_otherSystem, Data, key, bytes.Length));

        var nodeSystem = StartSystem(LinkRole.Node);
        Assert.Equal(bytes, await LocalData.ReceiveAsync(nodeSystem, Data, key, bytes.Length));
    }

    /// <summary>A node of the pool knows the ids of shared values, which other nodes need.</summary>
    [Fact]
    public async Task Payload_OfTheClient_IsNotRemovedByANode()
    {
        var (pool, executor) = OpenWithAJob();
        var (bytes, payload, unfinished) = (new byte[] { 1, 2, 3 }, PayloadId.New(), PayloadId.New());
        var own = Seen(pool, _ownerSystem);
        await UploadAsync(own, payload, bytes);
        own.Tell(new PayloadProtocol.OfferPayload(unfinished, bytes.Length, default), _owner);
        _owner.ExpectMsg<PayloadProtocol.PayloadReady>(Patience);

        var node = Seen(pool, _nodeSystem);
        node.Tell(new PayloadProtocol.ReleasePayload(payload), executor);
        node.Tell(new PayloadProtocol.CompletePayload(unfinished, default), executor);
        executor.ExpectMsg<PayloadProtocol.PayloadRefused>(Patience);
        node.Tell(new PayloadProtocol.DropShared(payload), executor);
        Assert.IsType<PayloadProtocol.DropShared>(_refusals.ExpectMsg<MessageRefused>(Patience).Message);

        node.Tell(new PayloadProtocol.FetchPayload(payload), executor);
        executor.ExpectMsg<PayloadProtocol.PayloadReady>(Patience);
        await LocalData.SendAsync(_ownerSystem, Data, unfinished, bytes);
        own.Tell(new PayloadProtocol.CompletePayload(unfinished, PayloadHash.FromBytes(ContentHash.HashPayload(bytes))), _owner);
        _owner.ExpectMsg<PayloadProtocol.PayloadStored>(Patience);
    }

    private async Task UploadAsync(IActorRef pool, PayloadId payload, byte[] bytes)
    {
        pool.Tell(new PayloadProtocol.OfferPayload(payload, bytes.Length, default), _owner);
        _owner.FishForMessage(message => message is PayloadProtocol.PayloadReady, Patience);
        await LocalData.SendAsync(_ownerSystem, Data, payload, bytes);
        pool.Tell(new PayloadProtocol.CompletePayload(payload, PayloadHash.FromBytes(ContentHash.HashPayload(bytes))), _owner);
        _owner.ExpectMsg<PayloadProtocol.PayloadStored>(Patience);
    }

    private static (BundleManifest Bundle, DataKey Key) CreateBundle(byte[] bytes)
    {
        var content = BundleId.FromHash(SHA256.HashData(bytes));
        const string name = BundleManifest.ExecutorAssembly;
        return (new BundleManifest([new BundleFile(name, content, bytes.Length)], name, name), DataKey.ForCode(content));
    }

    private object MessageOf(string operation) => operation switch
    {
        nameof(PoolProtocol.OpenPool) => new PoolProtocol.OpenPool(_poolId, PoolSchedule.Spec()),
        nameof(PoolProtocol.SubmitJobs) => new PoolProtocol.SubmitJobs([Job(666)]),
        nameof(PoolProtocol.CancelJobs) => new PoolProtocol.CancelJobs([new JobId(1)]),
        nameof(PoolProtocol.WithdrawJobs) => new PoolProtocol.WithdrawJobs([new JobId(1)]),
        nameof(PoolProtocol.WithdrawAllJobs) => new PoolProtocol.WithdrawAllJobs(),
        nameof(PoolProtocol.QueryJob) => new PoolProtocol.QueryJob(new JobId(1)),
        nameof(PoolProtocol.ClosePool) => new PoolProtocol.ClosePool(),
        nameof(PoolProtocol.TerminatePool) => new PoolProtocol.TerminatePool(),
        nameof(PoolProtocol.KillWorker) => new PoolProtocol.KillWorker(_executor),
        nameof(PoolProtocol.TerminateWorker) => new PoolProtocol.TerminateWorker(_executor),
        nameof(PoolProtocol.WorkerOutputWritten) => new PoolProtocol.WorkerOutputWritten(_executor, false),
        nameof(PoolProtocol.RequestMapProgress) => new PoolProtocol.RequestMapProgress(),
        nameof(PoolProtocol.AcknowledgeJobsEnded) => new PoolProtocol.AcknowledgeJobsEnded(1),
        nameof(PoolProtocol.ComparePool) => new PoolProtocol.ComparePool(1, [new JobId(1)]),
        nameof(PoolProtocol.AttachToJobs) => new PoolProtocol.AttachToJobs([new JobId(1)]),
        nameof(PoolProtocol.ForgetOutcomes) => new PoolProtocol.ForgetOutcomes([new JobId(1)]),
        nameof(PoolProtocol.DetachFromPool) => new PoolProtocol.DetachFromPool(Unload: true),
        _ => MessageOfNode(operation),
    };

    private object MessageOfNode(string operation) => operation switch
    {
        nameof(NodeProtocol.ExecutorStarting) => new NodeProtocol.ExecutorStarting(ExecutorId.New(), _nodeId),
        nameof(NodeProtocol.ExecutorReady) => new NodeProtocol.ExecutorReady(ExecutorId.New(), _nodeId, "node", 1),
        nameof(NodeProtocol.JobsDone) => new NodeProtocol.JobsDone(_executor, [Succeeded(1) with { Payload = new byte[] { 99 } }], 1),
        nameof(NodeProtocol.JobsReturned) => new NodeProtocol.JobsReturned(_executor, [new JobId(1)]),
        nameof(NodeProtocol.JobsMissed) => new NodeProtocol.JobsMissed(_executor, 1, 1, 1),
        nameof(NodeProtocol.JobsHeld) => new NodeProtocol.JobsHeld(_executor, 1, [], default, 1),
        nameof(NodeProtocol.ExecutorRetiring) => new NodeProtocol.ExecutorRetiring(_executor),
        nameof(NodeProtocol.ExecutorOutput) => new NodeProtocol.ExecutorOutput(_executor, true, new byte[] { 65 }),
        nameof(NodeProtocol.JobProgressReport) => new NodeProtocol.JobProgressReport(_executor, new JobId(1), 1),
        nameof(NodeProtocol.ExecutorExited) => new NodeProtocol.ExecutorExited(
            _executor, _nodeId, "node", 17, new ExecutorExit(ExecutorExitReason.Crashed, 1, ""), new JobId(1), default, null),
        nameof(PayloadProtocol.OfferPayload) => new PayloadProtocol.OfferPayload(PayloadId.New(), 1, default),
        nameof(PayloadProtocol.CompletePayload) => new PayloadProtocol.CompletePayload(PayloadId.New(), default),
        nameof(PayloadProtocol.FetchPayload) => new PayloadProtocol.FetchPayload(PayloadId.New()),
        nameof(PayloadProtocol.ReleasePayload) => new PayloadProtocol.ReleasePayload(PayloadId.New()),
        nameof(PayloadProtocol.DropShared) => new PayloadProtocol.DropShared(PayloadId.New()),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    /// <summary>Opens the owner's pool with one executor that runs its first job.</summary>
    private (IActorRef Pool, TestProbe Executor) OpenWithAJob()
    {
        Seen(CoordinatorActor, _nodeSystem).Tell(new NodeProtocol.Join(_nodeId, "node", 1), _node);
        _node.ExpectMsg<NodeProtocol.JoinAccepted>(Patience);
        Seen(CoordinatorActor, _ownerSystem).Tell(new PoolProtocol.OpenPool(_poolId, PoolSchedule.Spec()), _owner);
        _owner.ExpectMsg<PoolProtocol.PoolOpened>(Patience);
        var pool = _owner.LastSender;
        _node.ExpectMsg<NodeProtocol.ProvideExecutors>(Patience);
        var executor = new TestProbe(_nodeSystem, Assertions);
        executor.IgnoreMessages(message => message is NodeProtocol.CompareExecutor);
        Seen(pool, _nodeSystem).Tell(new NodeProtocol.ExecutorReady(_executor, _nodeId, "node", 17), executor);
        _owner.ExpectMsg<PoolProtocol.WorkerStarted>(Patience);
        pool.Tell(new PoolProtocol.SubmitJobs([Job(1)], WantsReply: false, Number: 1), _owner);
        executor.ExpectMsg<NodeProtocol.RunJobs>(Patience);
        return (pool, executor);
    }

    private void Call(ActorSystem from, TestProbe caller, ObjectId id, long call, ObjectOperation operation, params byte[] payload) =>
        Seen(CoordinatorActor, from).Tell(
        new ObjectCall(id, call, operation, -1, 1, payload.Length == 0 ? [] : [payload]), caller);

    private static JobSpec Job(long id) => new(new JobId(id), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, 3));

    private static JobOutcome Succeeded(long job) => new(new JobId(job), JobStatus.Succeeded, new byte[] { 7 }, null, 1);
}
