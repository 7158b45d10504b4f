using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Actors.Coordinator.Clients;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Peers;
using Actors.Coordinator.Pools;
using Actors.Coordinator.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Remoting.Data;
using Akka.Actor;
using Akka.Remote;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>
/// A client requests answers that are made anew for each request, and does not read its connection, so that it cannot answer the markers.
/// </summary>
public sealed class UnreadAnswerTests : CoordinatorTestKit
{
    /// <summary>A share of the limit, so that the fourth answer is one too many.</summary>
    private const int AnswerLength = 24 << 10;

    private const int Requests = 20;

    private const string Limits = """
        actors.client-limits {
          pools = 9, job-memory = 1MiB, objects = 9, object-memory = 16MiB, waiting-calls = 99, durable-queues = 9, unread-answers = 64KiB,
          total-memory = 0
        }
        """;

    private readonly ActorSystem _hostileSystem;
    private readonly ActorSystem _otherSystem;
    private readonly TestProbe _answers;
    private readonly TestProbe _other;
    private readonly DeafRef _deaf;

    public UnreadAnswerTests() : base(space: 1 << 20, Limits)
    {
        (_hostileSystem, _otherSystem) = (StartSystem(), StartSystem());
        (_answers, _other) = (CreateProbe(_hostileSystem), CreateProbe(_otherSystem));
        _deaf = new DeafRef((ExtendedActorSystem)_hostileSystem, _answers);
    }

    [Fact]
    public void ReadBytes_ClientDoesNotRead_IsRefusedUntilItDoes()
    {
        var id = Create(ObjectKind.Bytes, 1 << 20);
        CallRepeatedly(new BytesRead(0, AnswerLength).ToCall(id));
        Assert.Equal((3, Requests - 3), CountReplies("unread-answers"));
        // Another client is not affected, nor are calls whose answers refer to stored values.
        Seen(CoordinatorActor, _otherSystem).Tell(Numbered(new BytesRead(0, AnswerLength).ToCall(id), 1), _other);
        Assert.Equal(AnswerLength, Assert.Single(_other.ExpectMsg<ObjectReply>(Patience).Payloads).Length);

        _deaf.StartReading();

        AwaitAssert(() => Assert.Equal(0, UsageOf(_hostileSystem).GetUsed(ClientResource.UnreadAnswers)), Patience);
        Tell(Numbered(new BytesRead(0, AnswerLength).ToCall(id), 100));
        Assert.Equal(ObjectStatus.Ok, _answers.ExpectMsg<ObjectReply>(Patience).Status);
    }

    [Fact]
    public void ReadBytes_LargerThanAMebibyte_IsRefused()
    {
        var id = Create(ObjectKind.Bytes, 2 << 20);
        Tell(Numbered(new BytesRead(0, (1 << 20) + 1).ToCall(id), 1));
        Assert.Equal(ObjectStatus.NotFound, _answers.ExpectMsg<ObjectReply>(Patience).Status);
    }

    [Fact]
    public void ReadPage_OfEmptyItems_IsRefusedToAClientThatDoesNotRead()
    {
        var id = Create(ObjectKind.List, 0);
        Tell(new ObjectCall(id, 99, ObjectOperation.ListAdd, -1, 0, [.. Enumerable.Repeat(default(ReadOnlyMemory<byte>), 1500)]));
        Assert.Equal(ObjectStatus.Ok, _answers.ExpectMsg<ObjectReply>(Patience).Status);

        CallRepeatedly(new ObjectCall(id, 0, ObjectOperation.ListPage, -1, 0, []));

        Assert.Equal((3, Requests - 3), CountReplies("unread-answers"));
    }

    /// <summary>A reply that refers to a stored value at its owner is a copy at the coordinator of the client.</summary>
    [Fact]
    public void ForwardedReplies_ClientDoesNotRead_ReturnToTheirOwner()
    {
        var (peers, entry, owner) = (CreateProbe(Home), CreateProbe(Home), CreateProbe(Home));
        var elsewhere = Home.ActorOf(Props.Create(() => new PeerObjectsActor(peers, entry)), "elsewhere-1");
        elsewhere.Tell(new PeersProtocol.PeersReply([new PeersProtocol.PeerCoordinator(7, owner)], IsComplete: true));
        var target = ObjectId.New(7);
        for (var call = 1; call <= Requests; call++)
            Seen(elsewhere, _hostileSystem).Tell(new ObjectCall(target, call, ObjectOperation.Get, -1, 1, []), _deaf);
        // All calls arrive before the first reply: otherwise the search for the next one would discard an abandonment.
        for (var call = 1; call <= Requests; call++)
            owner.FishForMessage(message => message is ObjectCall { Operation: ObjectOperation.Get }, Patience);
        for (var call = 1; call <= Requests; call++)
            owner.Reply(new ObjectReply(call, ObjectStatus.Ok, 0, [new byte[AnswerLength]]));

        Assert.Equal((3, Requests - 3), CountReplies("unread-answers"));
        for (var returned = 4; returned <= Requests; returned++)
            Assert.Equal(returned, owner.ExpectMsg<ObjectCallAbandoned>(Patience).Call);
    }

    [Theory]
    [InlineData("nodes")]
    [InlineData("pools")]
    [InlineData("queues")]
    public void Lists_ClientDoesNotRead_AreNotSent(string kind)
    {
        const int Listed = 9;
        for (var number = 0; number < Listed; number++)
            CreateListed(kind, number);
        IWireMessage request = kind switch
        {
            "nodes" => new NodeProtocol.ListNodes(),
            "pools" => new PoolProtocol.ListPools(),
            _ => new ObjectProtocol.ListObjects(AreLocks: false),
        };

        for (var number = 0; number < Requests; number++)
            Seen(CoordinatorActor, _hostileSystem).Tell(request, _deaf);
        Seen(CoordinatorActor, _otherSystem).Tell(request, _other);
        _other.FishForMessage(IsList, Patience);

        // Nine entries of 4 KiB. The list of the other client comes after all requests.
        AwaitAssert(() => Assert.Equal(2 * Listed * 4096, UsageOf(_hostileSystem).GetUsed(ClientResource.UnreadAnswers)), Patience);
        Assert.Equal(2, ReceiveLists());
    }

    [Fact]
    public void ListJobs_ClientDoesNotRead_IsNotAnswered()
    {
        var (id, nodes) = (PoolId.FromName("durable"), CreateProbe(Home).Ref);
        var plugins = new JournalPlugins("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");
        var pool = Home.ActorOf(Props.Create(() => new DurablePoolActor(id, nodes, plugins, TimeProvider.System, "farewell", true)));
        Seen(pool, _otherSystem).Tell(
            new PoolProtocol.OpenPool(id, PoolSchedule.Spec() with { Name = "durable" }, Session: SessionId.New(), Range: -1), _other);
        var range = _other.ExpectMsg<PoolProtocol.PoolOpened>(Patience).Range;
        var jobs = Enumerable.Range(1, 100).Select(job => new JobSpec(
            new JobId(SessionRange.GetStart(range).Value + job), new FunctionRef("f", new byte[] { 1 }), default, JobPolicy.Once));
        Seen(pool, _otherSystem).Tell(new PoolProtocol.SubmitJobs([.. jobs], Number: 1), _other);
        _other.ExpectMsg<PoolProtocol.JobsAccepted>(Patience);

        var list = new PoolProtocol.ListJobs(id, default, 1000);
        for (var number = 0; number < Requests; number++)
            Seen(pool, _hostileSystem).Tell(list, _deaf);
        AwaitAssert(
            () => Assert.InRange(UsageOf(_hostileSystem).GetUsed(ClientResource.UnreadAnswers), 64 << 10, 128 << 10), Patience);
        Seen(pool, _otherSystem).Tell(list, _other);
        Assert.Equal(100, _other.ExpectMsg<PoolProtocol.JobsListed>(Patience).Jobs.Length);

        Assert.Equal(3, ReceiveLists());
    }

    [Fact]
    public async Task FetchBundle_PeerDoesNotRead_IsNotAnswered()
    {
        var content = BundleId.FromHash(SHA256.HashData(new byte[5]));
        const string Name = BundleManifest.ExecutorAssembly;
        var file = new BundleFile(Name, content, 5);
        var bundle = new BundleManifest([file, .. Enumerable.Range(0, 299).Select(i => file with { Path = $"{i}" })], Name, Name);
        var coordinator = Seen(CoordinatorActor, _otherSystem);
        coordinator.Tell(new BundleProtocol.OfferBundle(bundle), _other);
        _other.ExpectMsg<BundleProtocol.BundleContentsNeeded>(Patience);
        await LocalData.SendAsync(_otherSystem, Data, DataKey.ForCode(content), new byte[5]);
        coordinator.Tell(new BundleProtocol.OfferBundle(bundle), _other);
        _other.ExpectMsg<BundleProtocol.BundleStored>(Patience);

        var fetch = new BundleProtocol.FetchBundle(bundle.ComputeId(), IsLocalOnly: true);
        for (var number = 0; number < Requests; number++)
            Seen(CoordinatorActor, _hostileSystem).Tell(fetch, _deaf);
        coordinator.Tell(fetch, _other);
        _other.ExpectMsg<BundleProtocol.FetchBundleReply>(Patience);
        AwaitAssert(() => Assert.Equal(300 * 256, UsageOf(_hostileSystem).GetUsed(ClientResource.UnreadAnswers)), Patience);

        _answers.ExpectMsg<BundleProtocol.FetchBundleReply>(Patience);
        _answers.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    /// <summary>The name has another owner, from which each answer comes as a copy.</summary>
    [Fact]
    public void FindNamedObject_ClientDoesNotRead_IsRefused()
    {
        var shards = CreateProbe(Home);
        var names = Home.ActorOf(Props.Create(() => new NamesActor(ActorRefs.Nobody, shards)), "names-1");
        for (var number = 1; number <= 5; number++)
        {
            Seen(names, _hostileSystem).Tell(new ObjectProtocol.FindNamedObject("name"), _deaf);
            shards.ExpectMsg<ObjectProtocol.FindNamedObject>(Patience);
            shards.Reply(new ObjectProtocol.NamedObjectReply("name", "queue", new byte[AnswerLength]));
            if (number <= 3)
                _answers.ExpectMsg<ObjectProtocol.NamedObjectReply>(Patience);
            else
                Assert.Contains("unread-answers", _answers.ExpectMsg<Status.Failure>(Patience).Cause.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The markers of a lost connection are lost too.</summary>
    [Fact]
    public void ReadBytes_ClientHasDisconnected_FreesItsAnswers()
    {
        var id = Create(ObjectKind.Bytes, 1 << 20);
        CallRepeatedly(new BytesRead(0, AnswerLength).ToCall(id));
        Assert.Equal((3, Requests - 3), CountReplies("unread-answers"));
        var usage = UsageOf(_hostileSystem);

        Home.EventStream.Publish(new DisassociatedEvent(Address.AllSystems, GetAddress(_hostileSystem), inbound: true));

        AwaitAssert(() => Assert.Equal(0, usage.GetUsed(ClientResource.UnreadAnswers)), Patience);
    }

    private static bool IsList(object message) => message is NodeProtocol.ListNodesReply or PoolProtocol.ListPoolsReply
        or ObjectProtocol.ListObjectsReply or PoolProtocol.JobsListed;

    private int ReceiveLists() => _answers.ReceiveWhile(TimeSpan.FromMilliseconds(50), message => message).Count(IsList);

    private void CreateListed(string kind, int number)
    {
        switch (kind)
        {
            case "nodes":
                Seen(CoordinatorActor, _otherSystem).Tell(new NodeProtocol.Join(NodeId.New(), $"{number}", 1), _other);
                _other.ExpectMsg<NodeProtocol.JoinAccepted>(Patience);
                break;
            case "pools": OpenPool(_otherSystem, _other); break;
            default:
                Seen(CoordinatorActor, _otherSystem).Tell(
                    new ObjectProtocol.CreateManagedObject(ObjectId.New(), ObjectKind.Queue, 0, []), _other);
                _other.ExpectMsg<ObjectProtocol.ObjectCreated>(Patience);
                break;
        }
    }

    private ObjectId Create(ObjectKind kind, long number)
    {
        var id = ObjectId.New();
        Seen(CoordinatorActor, _otherSystem).Tell(new ObjectProtocol.CreateManagedObject(id, kind, number, []), _other);
        _other.ExpectMsg<ObjectProtocol.ObjectCreated>(Patience);
        return id;
    }

    private void Tell(ObjectCall call) => Seen(CoordinatorActor, _hostileSystem).Tell(call, _deaf);

    private void CallRepeatedly(ObjectCall call)
    {
        for (var number = 1; number <= Requests; number++)
            Tell(Numbered(call, number));
    }

    private static ObjectCall Numbered(ObjectCall call, long number) => call with { Call = number, TimeoutMilliseconds = -1 };

    /// <summary>Counts the answers and the refusals because of a limit.</summary>
    private (int Answered, int Refused) CountReplies(string limit)
    {
        var replies = Enumerable.Range(0, Requests).Select(_ => _answers.ExpectMsg<ObjectReply>(Patience)).ToList();
        var refused = replies.Where(reply => reply.Status == ObjectStatus.OverLimit).ToList();
        Assert.All(refused, reply => Assert.Contains(
            $"actors.client-limits.{limit}", Encoding.UTF8.GetString(reply.Payloads[0].Span), StringComparison.Ordinal));
        return (replies.Count(reply => reply.Status == ObjectStatus.Ok), refused.Count);
    }

    private ClientUsage UsageOf(ActorSystem client)
    {
        var path = new RootActorPath(GetAddress(client)) / "user";
        return ClientUsages.FindUsage(Home, ((ExtendedActorSystem)Home).Provider.ResolveActorRef(path))!;
    }

    private static Address GetAddress(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    /// <summary>An actor of a client that does not answer markers until it starts to read. It records all other messages.</summary>
    private sealed class DeafRef : MinimalActorRef
    {
        private readonly List<(object Marker, IActorRef Sender)> _markers = [];
        private readonly IActorRef _answers;
        private bool _isReading;

        public DeafRef(ExtendedActorSystem system, IActorRef answers)
        {
            (_answers, Provider) = (answers, system.Provider);
            Path = Provider.TempPath().Parent / "deaf";
            Provider.RegisterTempActor(this, Path);
        }

        public override ActorPath Path { get; }

        public override IActorRefProvider Provider { get; }

        public void StartReading()
        {
            lock (_markers)
            {
                _isReading = true;
                _markers.ForEach(marker => Answer(marker.Marker, marker.Sender));
            }
        }

        protected override void TellInternal(object message, IActorRef sender)
        {
            if (message is not Identify identify)
            {
                _answers.Tell(message, sender);
                return;
            }

            lock (_markers)
            {
                if (_isReading)
                    Answer(identify.MessageId, sender);
                else
                    _markers.Add((identify.MessageId, sender));
            }
        }

        private void Answer(object marker, IActorRef sender) => sender.Tell(new ActorIdentity(marker, this), this);
    }
}
