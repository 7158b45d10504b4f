using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Testing;
using Akka.Actor;
using Akka.Persistence;

namespace Actors.Coordinator.Tests.Objects;

/// <summary><see cref="DurableObjectActor"/>: its records, its answers, and its state after a reload.</summary>
public sealed class DurableObjectActorTests : PatientTestKit
{
    private static readonly JournalPlugins Plugins = new("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");
    private static readonly ObjectId Id = ObjectId.FromDurableName("queue", 7);

    private readonly CallerId _caller = CallerId.New();
    private IActorRef _queue;

    public DurableObjectActorTests()
    {
        _queue = Start();
        Ask(_caller, 1, ObjectOperation.Open, -1, new DurableObjectSpec("queue", ObjectKind.Queue, "ManagedQueue<byte>").ToPayload());
        Assert.Equal(ObjectStatus.Ok, Answer().Status);
    }

    [Fact]
    public void Put_RepeatedAfterAReload_IsAnsweredAndAppliedOnce()
    {
        Ask(_caller, 2, ObjectOperation.Put, 0, new byte[] { 7 });
        Assert.Equal(1, Answer().Number);
        ReadAgain();

        Ask(_caller, 2, ObjectOperation.Put, 0, new byte[] { 7 });
        Here(_caller, last: 2, overdue: [new CallRange(2, 2)]);

        Assert.Equal((2, 1), Answer() is var again ? (again.Call, again.Number) : default);
        Assert.Empty(ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>().Unknown);
        Ask(_caller, 3, ObjectOperation.Count, 0);
        Assert.Equal(1, Answer().Number);
    }

    [Fact]
    public void ListObjects_QueueIsLoaded_DescribesItUntilItEnds()
    {
        Ask(_caller, 2, ObjectOperation.Put, 0, new byte[] { 7 });
        Answer();
        Ask(_caller, 3, ObjectOperation.Get, 1);
        Answer();
        Ask(_caller, 4, ObjectOperation.Get, 1);
        // The parent passes the call on, and the list does not go through it.
        Here(_caller, last: 4, open: [new CallRange(4, 4)]);
        ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>();
        var objects = Sys.ActorOf(Props.Create(() => new ObjectsActor(null, null, null)));

        objects.Tell(new ObjectProtocol.ListObjects(AreLocks: false), TestActor);

        var listed = Assert.Single(ExpectMsg<ObjectProtocol.ListObjectsReply>().Objects);
        Assert.Equal(("queue", ObjectKind.Queue, 0, 1), (listed.Name, listed.Kind, listed.Count, listed.Waiting));
        Assert.True(listed.IsDurable);
        Watch(_queue);
        Sys.Stop(_queue);
        ExpectTerminated(_queue);
        Assert.Empty(LoadedQueues.Of(Sys).Actors);
    }

    [Fact]
    public void Get_CallerLeavesBeforeTheReceipt_ItemGoesToTheNext()
    {
        Ask(_caller, 2, ObjectOperation.Put, 0, new byte[] { 7 });
        Answer();
        Ask(_caller, 3, ObjectOperation.Get, 1);
        Answer();
        ReadAgain();

        Here(_caller, last: 3, open: [new CallRange(3, 3)], isLeaving: true);
        ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>();
        Ask(CallerId.New(), 1, ObjectOperation.Get, 1);

        Assert.Equal([7], Answer().Items());
    }

    [Fact]
    public void Get_ReceiptLost_IsConfirmedByTheComparison()
    {
        Ask(_caller, 2, ObjectOperation.Put, 0, new byte[] { 7 });
        Answer();
        Ask(_caller, 3, ObjectOperation.Get, 1);
        Answer();
        ReadAgain();

        // The comparison does not list the call, so the caller has the item.
        Here(_caller, last: 3);
        ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>();
        Here(_caller, last: 3, isLeaving: true);
        ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>();

        Ask(CallerId.New(), 1, ObjectOperation.Get, 1, timeout: 0);
        Assert.Equal(ObjectStatus.Empty, Answer().Status);
    }

    /// <summary>Another client knows the name of the queue and the numbers of the calls, but not the caller id.</summary>
    [Fact]
    public void Messages_OfAnotherCaller_LeaveTheFirstUnchanged()
    {
        Ask(_caller, 2, ObjectOperation.Put, 0, new byte[] { 7 });
        Answer();
        Ask(_caller, 3, ObjectOperation.Get, 1);
        Assert.Equal([7], Answer().Items());
        var other = CallerId.New();

        // The same numbers, as if the other caller had the item and left.
        Here(other, last: 3, open: [new CallRange(1, 3)], overdue: [new CallRange(3, 3)], isLeaving: true);
        Assert.Equal(other, ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>().Caller);
        Ask(CallerId.New(), 1, ObjectOperation.Get, 1, timeout: 0);
        Assert.Equal(ObjectStatus.Empty, Answer().Status);
        // The caller leaves without the item, which goes to the next one.
        Here(_caller, last: 3, open: [new CallRange(3, 3)], isLeaving: true);
        ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>();
        Ask(CallerId.New(), 1, ObjectOperation.Get, 1);

        Assert.Equal([7], Answer().Items());
    }

    [Fact]
    public void Call_BeforeEarlierOnes_WaitsForThem()
    {
        Ask(_caller, 3, ObjectOperation.Put, 0, new byte[] { 3 });
        Here(_caller, last: 3, overdue: [new CallRange(2, 3)]);

        Assert.Equal([new CallRange(2, 3)], ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>().Unknown.ToArray());
    }

    [Fact]
    public void Put_EnoughForASnapshot_IsThereAfterAReload()
    {
        const int Count = 40;
        for (var call = 2; call < 2 + Count; call++)
            Ask(_caller, call, ObjectOperation.Put, 0, new byte[1 << 20]);
        for (var call = 2; call < 2 + Count; call++)
            Answer();
        var snapshots = Persistence.Instance.Apply(Sys).SnapshotStoreFor(Plugins.Snapshots);
        AwaitAssert(() =>
        {
            snapshots.Tell(new LoadSnapshot(DurableObjectActor.GetJournalName(Id), SnapshotSelectionCriteria.Latest,
                long.MaxValue), TestActor);
            Assert.NotNull(ExpectMsg<LoadSnapshotResult>().Snapshot);
        });
        ReadAgain();

        Ask(_caller, 2 + Count, ObjectOperation.Count, 0);
        Assert.Equal(Count, Answer().Number);
    }

    [Fact]
    public void Delete_OfAQueue_LeavesNothing()
    {
        Ask(_caller, 2, ObjectOperation.Put, 0, new byte[] { 7 });
        Answer();
        Ask(_caller, 3, ObjectOperation.Delete, 0);
        Assert.Equal(ObjectStatus.Ok, Answer().Status);
        ExpectMsg("farewell");
        ReadAgain();

        Ask(CallerId.New(), 1, ObjectOperation.Count, 0);
        Assert.Equal(ObjectStatus.NoSuchObject, Answer().Status);
    }

    [Fact]
    public void Caller_DiedLongBeforeAReload_IsForgotten()
    {
        Here(_caller, last: 1, isLeaving: true);
        ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>();

        ReadAgain(later: TimeSpan.FromMinutes(11));

        AwaitAssert(() => Assert.Contains(Written(), command => (command.Kind, command.Caller) == (ObjectCommandKind.Forgotten, _caller)));
    }

    [Fact]
    public void Journal_NotCompactedAndFailed_IsPublishedAsAProblem()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(LogEvent));

        _queue.Tell(new JournalProtocol.CompactionFailed("a snapshot could not be saved"));
        _queue.Tell(new JournalProtocol.JournalFailed("cannot be written: the disk is full"));

        Assert.Equal(new LogEvent(LogSubject.DurableQueue, "queue", "a snapshot could not be saved", IsProblem: true), NextEvent());
        var failed = NextEvent();
        Assert.True(failed.IsProblem);
        Assert.StartsWith("cannot continue here: ", failed.Change, StringComparison.Ordinal);
    }

    private LogEvent NextEvent() => (LogEvent)FishForMessage(message => message is LogEvent);

    private List<ObjectCommand> Written()
    {
        var records = new List<object>();
        var id = DurableObjectActor.GetJournalName(Id);
        Persistence.Instance.Apply(Sys).JournalFor(Plugins.Journal)
            .Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, id, TestActor), TestActor);
        FishForMessage(message =>
        {
            if (message is ReplayedMessage read)
                records.Add(read.Persistent.Payload);
            return message is RecoverySuccess;
        });
        return [.. records.OfType<ObjectRecord>().SelectMany(record => record.Commands)];
    }

    private IActorRef Start(TimeSpan later = default)
    {
        var (test, clock) = (TestActor, new LaterClock(later));
        return Sys.ActorOf(Props.Create(() => new Parent(test, clock)));
    }

    private void ReadAgain(TimeSpan later = default)
    {
        Watch(_queue);
        Sys.Stop(_queue);
        ExpectTerminated(_queue);
        _queue = Start(later);
    }

    private void Ask(CallerId caller, long call, ObjectOperation operation, long number, ReadOnlyMemory<byte> payload = default,
        long timeout = -1) => _queue.Tell(
        new DurableObjectProtocol.CallDurableObject(Id, caller, 1,
            new ObjectCall(Id, call, operation, timeout, number, payload.IsEmpty ? [] : [payload])), TestActor);

    private void Here(CallerId caller, long last, CallRange[]? overdue = null, CallRange[]? open = null, bool isLeaving = false) =>
        _queue.Tell(
        new DurableObjectProtocol.CallerHeartbeat(Id, caller, 0, last, [.. overdue ?? []], [.. open ?? []], [], isLeaving), TestActor);

    private ObjectReply Answer() => ExpectMsg<DurableObjectProtocol.DurableObjectReply>().Reply;

    /// <summary>The parent of the object, which is told when the object may be stopped.</summary>
    private sealed class Parent : ReceiveActor
    {
        public Parent(IActorRef test, TimeProvider clock)
        {
            Func<string?, object> farewell = _ => "farewell";
            var queue = Context.ActorOf(Props.Create(() => new DurableObjectActor(Id, Plugins, clock, farewell)));
            Receive<string>(test.Tell);
            ReceiveAny(queue.Forward);
        }
    }

    /// <summary>A clock that runs ahead.</summary>
    private sealed class LaterClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
