using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Remoting;
using Actors.Testing;
using Akka.Actor;
using Akka.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Actors.Coordinator.Tests.Objects.Conformance;

/// <summary>
/// A durable object gives the same answers as an object of its kind in memory, although it is loaded again and again from the journal and
/// the snapshot of its store.
/// </summary>
public sealed class DurableConformanceTests : PatientTestKit
{
    private static readonly ObjectId Id = ObjectId.FromDurableName("object", 7);

    private readonly string _folder = Directory.CreateTempSubdirectory("conformance-").FullName;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly Process[] _processes = [new(new Caller(1)), new(new Caller(2))];
    private readonly Dictionary<(Caller Caller, long Call), ObjectReply> _expected = [];
    private readonly List<ObjectAnswer> _answers = [];
    private JournalPlugins _plugins = new("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");
    private IManagedObjectState _inMemory = null!;
    private IActorRef _object = ActorRefs.Nobody;
    private TimeSpan _now = TimeSpan.FromDays(1);
    private long _lastCall;
    private PostgresServer? _server;

    public DurableConformanceTests()
        : base(RoleConfiguration.CreateLocal())
    {
    }

    /// <summary>The kinds that durable objects can have.</summary>
    private static readonly ObjectKind[] DurableKinds = [ObjectKind.Queue];

    /// <summary>The other kinds.</summary>
    public static TheoryData<ObjectKind> OtherKinds
    {
        get
        {
            var kinds = new TheoryData<ObjectKind>();
            foreach (var kind in Enum.GetValues<ObjectKind>().Except(DurableKinds))
                kinds.Add(kind);
            return kinds;
        }
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData("objects.db", 60)]
    public void Call_AfterReloadsFromTheStore_IsAnsweredAsInMemory(string? file, int steps)
    {
        if (file is not null)
            UseStore(new SqliteStore(Path.Combine(_folder, file)));
        CompareWithMemory(steps);
    }

    [PostgresFact]
    public void Call_AfterReloadsFromPostgres_IsAnsweredAsInMemory()
    {
        _server = new PostgresServer();
        UseStore(new PostgresStore(File.ReadAllText(_server.ConnectionFile)));
        CompareWithMemory(steps: 60);
    }

    /// <summary>A new durable kind must be compared here.</summary>
    [Theory]
    [MemberData(nameof(OtherKinds))]
    public void Open_KindThatIsNotDurable_IsRefused(ObjectKind kind)
    {
        StartObject();

        Send(_processes[0], new DurableOpen(new DurableObjectSpec("object", kind, "T"), 0).ToCall(Id, ++_lastCall, -1));

        FishForMessage(message => message is DurableObjectProtocol.DurableObjectReply { Reply.Status: ObjectStatus.NotSupported });
    }

    private void CompareWithMemory(int steps)
    {
        var kind = Assert.Single(DurableKinds);
        var samples = KindSamples.All[kind];
        _inMemory = samples.CreateState(kind);
        StartObject();
        Send(_processes[0], new DurableOpen(new DurableObjectSpec("object", kind, "T"), samples.Number).ToCall(Id, ++_lastCall, -1));
        FishForMessage(message => message is DurableObjectProtocol.DurableObjectReply { Reply.Status: ObjectStatus.Ok } opened
            && Receive(opened) is [_]);

        var random = new Random(1);
        for (var step = 0; step < steps; step++)
        {
            if (step == steps / 2)
                WriteSnapshot();
            Step(random, samples.Operations);
        }
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        SqliteConnection.ClearAllPools();
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void UseStore(DurableStore store)
    {
        store.PrepareStore();
        _plugins = JournalPlugins.RegisterStore(Sys, store);
    }

    /// <summary>Writes so much that a snapshot replaces the records.</summary>
    private void WriteSnapshot()
    {
        for (var i = 0; i < 9; i++)
        {
            Ask(_processes[0], new QueuePut([new byte[4 << 20]]).ToCall(Id, ++_lastCall, -1));
            Ask(_processes[1], new QueueGet(1).ToCall(Id, ++_lastCall, -1));
        }

        var probe = CreateTestProbe();
        var name = DurableObjectActor.GetJournalName(Id);
        AwaitAssert(() =>
        {
            Persistence.Instance.Apply(Sys).SnapshotStoreFor(_plugins.Snapshots).Tell(
                new LoadSnapshot(name, SnapshotSelectionCriteria.Latest, long.MaxValue), probe);
            Assert.NotNull(probe.ExpectMsg<LoadSnapshotResult>().Snapshot);
        });
    }

    private void Step(Random random, OperationSample[] operations)
    {
        _now += TimeSpan.FromSeconds(1);
        var process = _processes[random.Next(_processes.Length)];
        switch (random.Next(8))
        {
            case 0: ReloadObject(); break;
            case 1 when process.Waiting.Count > 0: Abandon(process, process.Waiting.First()); break;
            default:
                var timeout = random.Next(3) == 0 ? 0 : -1;
                var call = operations[random.Next(operations.Length)].ToCall(++_lastCall, timeout) with { Object = Id };
                Ask(process, random.Next(3) == 0 ? call with { Number = random.Next(10) } : call);
                break;
        }
    }

    private void Ask(Process process, ObjectCall call)
    {
        process.Waiting.Add(call.Call);
        _inMemory.HandleCall(process.Caller, call, TimeSpan.Zero, _answers);
        Send(process, call);
        ReceiveExpected();
    }

    private void Abandon(Process process, long call)
    {
        process.Waiting.Remove(call);
        _inMemory.AbandonCall(process.Caller, call, TimeSpan.Zero, _answers);
        process.Durable.AbandonCall(Id, call);
        ReceiveExpected();
    }

    /// <summary>Receives the replies that the object in memory has given, and no other ones before the reply to a later call.</summary>
    private void ReceiveExpected()
    {
        foreach (var process in _processes)
        {
            var count = new QueueCount().ToCall(Id, ++_lastCall, -1);
            process.Waiting.Add(count.Call);
            _inMemory.HandleCall(process.Caller, count, TimeSpan.Zero, _answers);
            Send(process, count);
        }

        foreach (var (caller, reply) in _answers)
            _expected.Add((caller, reply.Call), reply);
        _answers.Clear();
        while (_expected.Count > 0)
            Receive(ExpectMsg<DurableObjectProtocol.IObjectMessage>());
    }

    private void Send(Process process, ObjectCall call)
    {
        process.Durable.SendCall(call, TimeSpan.FromDays(1), _now);
        FlushMessages();
    }

    private List<ObjectReply> Receive(DurableObjectProtocol.IObjectMessage message)
    {
        var process = _processes.Single(process => process.Durable.Id == message.Caller);
        process.Durable.OnMessage(message, isOnlyStore: true, _now);
        var replies = process.Durable.TakeReplies();
        foreach (var reply in replies.Where(reply => reply.Call > 1))
            RequireExpected(process, reply);
        FlushMessages();
        return replies;
    }

    private void RequireExpected(Process process, ObjectReply reply)
    {
        Assert.True(_expected.Remove((process.Caller, reply.Call), out var expected), $"{reply} is not expected.");
        Assert.Equal(expected with { Payloads = [] }, reply with { Payloads = [] });
        Assert.Equal(
            expected.Payloads.Select(payload => Convert.ToHexString(payload.Span)),
            reply.Payloads.Select(payload => Convert.ToHexString(payload.Span)));
        process.Waiting.Remove(reply.Call);
        _inMemory.ConfirmReceipt(process.Caller, reply.Call);
        process.Durable.ConfirmReceipt(Id, reply.Call);
    }

    private void FlushMessages()
    {
        foreach (var message in _processes.SelectMany(process => process.Durable.TakeMessages()).ToList())
            _object.Tell(message, TestActor);
    }

    private void StartObject()
    {
        var (plugins, clock) = (_plugins, _clock);
        Func<string?, object> farewell = reason => $"unloaded: {reason}";
        _object = Sys.ActorOf(Props.Create(() => new DurableObjectActor(Id, plugins, clock, farewell)));
    }

    /// <summary>Stops the object, perhaps before it has handled the last messages, and loads it again.</summary>
    private void ReloadObject()
    {
        Watch(_object);
        Sys.Stop(_object);
        ExpectTerminated(_object);
        StartObject();
        foreach (var process in _processes)
        {
            process.Durable.ResendAll(_now);
            process.Durable.OnInterval(_now);
        }

        FlushMessages();
        ReceiveExpected();
    }

    /// <summary>A process that calls the object.</summary>
    private sealed record Process(Caller Caller)
    {
        public DurableCaller Durable { get; } = new(CallerId.New());

        public HashSet<long> Waiting { get; } = [];
    }
}
