using System.Collections.Immutable;
using Actors.Coordinator.Objects;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>The answers to callers, and the effects of the deaths of callers and creators.</summary>
public sealed class ObjectsActorTests : PatientTestKit
{
    private readonly IActorRef _objects;
    private readonly ObjectId _id = ObjectId.New();
    private long _lastCall;

    public ObjectsActorTests() => _objects = Sys.ActorOf(Props.Create(() => new ObjectsActor(null, null, null)));

    [Fact]
    public void Create_Twice_AnswersTwiceAndKeepsTheObject()
    {
        Create(ObjectKind.Queue, TestActor);
        Ask(TestActor, ObjectOperation.Put, payload: 7);
        ExpectMsg<ObjectReply>();
        Create(ObjectKind.Queue, TestActor);
        Ask(TestActor, ObjectOperation.Count);
        Assert.Equal(1, ExpectMsg<ObjectReply>().Number);
    }

    [Fact]
    public void Create_UnknownKind_LeavesOthersUnchanged()
    {
        Create(ObjectKind.Queue, TestActor);
        _objects.Tell(new ObjectProtocol.CreateManagedObject(ObjectId.New(), (ObjectKind)200, 0, []), TestActor);
        Ask(TestActor, ObjectOperation.Count);
        Assert.Equal(ObjectStatus.Ok, ExpectMsg<ObjectReply>().Status);
    }

    /// <summary>Before, the time grew with the square of the number: 103 s for 32,000 objects, 0.7 s afterward.</summary>
    [Fact]
    public void Maker_OfManyObjectsEnds_AllAreRemovedSoon()
    {
        var maker = Sys.ActorOf(Props.Create(() => new SilentActor()));
        for (var made = 0; made < 20_000; made++)
            _objects.Tell(new ObjectProtocol.CreateManagedObject(ObjectId.New(), ObjectKind.Value, 0, [new byte[1]]), maker);
        Ask(TestActor, ObjectOperation.Count);
        ExpectMsg<ObjectReply>();
        Assert.Equal(20_000, ((ActorRefWithCell)_objects).Children.Count());

        Sys.Stop(maker);

        AwaitAssert(() => Assert.Empty(((ActorRefWithCell)_objects).Children), TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(50));
    }

    /// <summary>A client that requested lists without end filled the mailboxes of all objects.</summary>
    [Fact]
    public void ListObjects_ManyRequests_GetFewLists()
    {
        Create(ObjectKind.Queue, TestActor);
        Ask(TestActor, ObjectOperation.Count);
        ExpectMsg<ObjectReply>();
        var queue = (ActorRefWithCell)((ActorRefWithCell)_objects).Children.Single();
        queue.Suspend();
        for (var i = 0; i < 100; i++)
            _objects.Tell(new ObjectProtocol.ListObjects(AreLocks: false), TestActor);
        _objects.Tell(new ObjectProtocol.ListObjects(AreLocks: true), TestActor);
        Assert.Empty(ExpectMsg<ObjectProtocol.ListObjectsReply>().Objects);

        // A slow machine takes long enough for a few lists.
        Assert.InRange(queue.Underlying.NumberOfMessages, 1, 20);
        queue.Resume();
        for (var i = 0; i < 100; i++)
            Assert.Single(ExpectMsg<ObjectProtocol.ListObjectsReply>().Objects);
    }

    [Fact]
    public void ListObjects_RightAfterAList_ShowsANewObject()
    {
        _objects.Tell(new ObjectProtocol.ListObjects(AreLocks: false), TestActor);
        Assert.Empty(ExpectMsg<ObjectProtocol.ListObjectsReply>().Objects);
        Create(ObjectKind.Queue, TestActor);

        _objects.Tell(new ObjectProtocol.ListObjects(AreLocks: false), TestActor);

        Assert.Single(ExpectMsg<ObjectProtocol.ListObjectsReply>().Objects);
    }

    [Fact]
    public void Call_UnknownObject_IsAnsweredNoSuchObject()
    {
        Ask(TestActor, ObjectOperation.Get);
        Assert.Equal(ObjectStatus.NoSuchObject, ExpectMsg<ObjectReply>().Status);
    }

    [Fact]
    public void Remove_AfterManyCalls_LeavesNoneUnanswered()
    {
        const int Count = 5000;
        Create(ObjectKind.Queue, TestActor);
        for (int i = 0; i < Count; i++)
            Ask(TestActor, ObjectOperation.Get);
        _objects.Tell(new ObjectProtocol.RemoveManagedObject(_id), TestActor);
        for (int i = 0; i < Count; i++)
            Assert.Equal(ObjectStatus.NoSuchObject, ExpectMsg<ObjectReply>().Status);
    }

    [Fact]
    public void Create_RightAfterRemove_CreatesANewObject()
    {
        Create(ObjectKind.Queue, TestActor);
        Ask(TestActor, ObjectOperation.Put, payload: 7);
        ExpectMsg<ObjectReply>();
        _objects.Tell(new ObjectProtocol.RemoveManagedObject(_id), TestActor);
        Create(ObjectKind.Queue, TestActor);
        Ask(TestActor, ObjectOperation.Count);
        Assert.Equal((ObjectStatus.Ok, 0), ExpectMsg<ObjectReply>() is var reply ? (reply.Status, reply.Number) : default);
    }

    [Fact]
    public void Creator_Dies_ObjectIsRemovedAndWaitingCallsAreAnswered()
    {
        var maker = CreateTestProbe();
        Create(ObjectKind.Queue, maker);
        Ask(TestActor, ObjectOperation.Get);
        Sys.Stop(maker);
        Assert.Equal(ObjectStatus.NoSuchObject, ExpectMsg<ObjectReply>().Status);
    }

    /// <summary>They stayed until the coordinator ended.</summary>
    [Fact]
    public void PublishObject_CycleWithoutCreatorAndNames_IsRemoved()
    {
        var objects = Sys.ActorOf(Props.Create(() => new ObjectsActor(null, TimeSpan.FromMilliseconds(10), null)));
        var (maker, ids) = (CreateTestProbe(), new[] { ObjectId.New(), ObjectId.New() });
        foreach (var (id, name) in ids.Zip(["a", "b"]))
        {
            objects.Tell(new ObjectProtocol.CreateManagedObject(id, ObjectKind.Queue, 0, []), maker);
            objects.Tell(new ObjectProtocol.PublishObject(name, [id], "queue", new byte[1]), TestActor);
            ExpectMsg<ObjectProtocol.NamedObjectReply>();
        }

        objects.Tell(new ObjectContain([ids[1]]).ToCall(ids[0]), TestActor);
        objects.Tell(new ObjectContain([ids[0]]).ToCall(ids[1]), TestActor);
        Watch(maker);
        Sys.Stop(maker);
        ExpectTerminated(maker);
        foreach (var name in new[] { "a", "b" })
            objects.Tell(new ObjectProtocol.PublishObject(name, [], "", default), TestActor);

        AwaitAssert(() => Assert.Empty(((ActorRefWithCell)objects).Children));
    }

    [Fact]
    public async Task Create_ByAsk_OutlivesTheAsk()
    {
        await _objects.Ask<ObjectProtocol.ObjectCreated>(new ObjectProtocol.CreateManagedObject(_id, ObjectKind.Queue, 0, []));
        Ask(TestActor, ObjectOperation.Count);
        Assert.Equal(ObjectStatus.Ok, ExpectMsg<ObjectReply>().Status);
        Ask(TestActor, ObjectOperation.Count);
        Assert.Equal(ObjectStatus.Ok, ExpectMsg<ObjectReply>().Status);
    }

    [Fact]
    public void Getter_DiesBeforeItConfirms_ItemGoesToTheNext()
    {
        var getter = CreateTestProbe();
        Create(ObjectKind.Queue, TestActor);
        Ask(TestActor, ObjectOperation.Put, payload: 7);
        ExpectMsg<ObjectReply>();
        Ask(getter, ObjectOperation.Get);
        getter.ExpectMsg<ObjectReply>();
        Ask(TestActor, ObjectOperation.Get);
        Sys.Stop(getter);
        Assert.Equal(7, ExpectMsg<ObjectReply>().Payloads.Single().Span[0]);
    }

    [Fact]
    public void Getter_DiesAfterItConfirmed_ItemIsGone()
    {
        var getter = CreateTestProbe();
        Create(ObjectKind.Queue, TestActor);
        Ask(TestActor, ObjectOperation.Put, payload: 7);
        ExpectMsg<ObjectReply>();
        long call = Ask(getter, ObjectOperation.Get);
        getter.ExpectMsg<ObjectReply>();
        _objects.Tell(new ObjectReplyReceived(_id, call), getter);
        Watch(getter);
        Sys.Stop(getter);
        ExpectTerminated(getter);
        Ask(TestActor, ObjectOperation.Count);
        Assert.Equal(0, ExpectMsg<ObjectReply>().Number);
    }

    [Fact]
    public void Holder_Dies_LockPassesOnAsAbandoned()
    {
        var holder = CreateTestProbe();
        Create(ObjectKind.Lock, TestActor);
        long call = Ask(holder, ObjectOperation.Acquire);
        long token = holder.ExpectMsg<ObjectReply>().Number;
        _objects.Tell(new ObjectReplyReceived(_id, call), holder);
        Ask(TestActor, ObjectOperation.Acquire);
        Sys.Stop(holder);
        var reply = ExpectMsg<ObjectReply>();
        Assert.Equal(ObjectStatus.OkAbandoned, reply.Status);
        Assert.True(reply.Number > token);
    }

    [Fact]
    public void Get_WithATimeout_IsAnsweredAtTheDeadline()
    {
        Create(ObjectKind.Queue, TestActor);
        // The difference is larger than the delay of a loaded machine.
        long late = Ask(TestActor, ObjectOperation.Get, timeout: 2000);
        long early = Ask(TestActor, ObjectOperation.Get, timeout: 20);
        Assert.Equal([early, late], [ExpectMsg<ObjectReply>().Call, ExpectMsg<ObjectReply>().Call]);
    }

    private void Create(ObjectKind kind, IActorRef maker)
    {
        _objects.Tell(new ObjectProtocol.CreateManagedObject(_id, kind, 0, []), maker);
        if (maker is TestProbe probe)
            probe.ExpectMsg<ObjectProtocol.ObjectCreated>();
        else
            ExpectMsg<ObjectProtocol.ObjectCreated>();
    }

    private long Ask(IActorRef caller, ObjectOperation operation, long timeout = -1, byte? payload = null)
    {
        ImmutableArray<ReadOnlyMemory<byte>> payloads = payload is { } value ? [new[] { value }] : [];
        _objects.Tell(new ObjectCall(_id, ++_lastCall, operation, timeout, 1, payloads), caller);
        return _lastCall;
    }

    private sealed class SilentActor : ReceiveActor
    {
        public SilentActor() => ReceiveAny(_ => { });
    }
}
