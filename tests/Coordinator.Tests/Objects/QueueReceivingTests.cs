using System.Buffers.Binary;
using System.Text;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using static Actors.Coordinator.Tests.Objects.ObjectCalls;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Items with keys, and items that are acknowledged after they were processed, in a <see cref="QueueState"/>.</summary>
public sealed class QueueReceivingTests
{
    private static readonly Caller A = new(1);
    private static readonly Caller B = new(2);
    private readonly QueueState _queue = new(capacity: 2, new InsertionOrder(newestFirst: false));
    private long _lastCall = 100;

    [Fact]
    public void Receive_NotAcknowledged_ReturnsToItsPositionWhenTheProcessEnds()
    {
        _queue.Ask(A, Put(1, [1, 2]));
        Assert.Equal((1, 1), Receive(A));
        Assert.Equal((2, 1), Receive(B));

        _queue.Die(A);

        Assert.Equal((1, 2), Receive(B));
        Assert.Null(Receive(B));
    }

    [Fact]
    public void Receive_AnswerIsOnItsWayWhenTheProcessEnds_Returns()
    {
        _queue.Ask(A, Put(1, [1]));
        Receive(A, confirms: false);
        _queue.Die(A);
        Assert.Equal((1, 2), Receive(B));
    }

    [Fact]
    public void AbandonCall_AnswerIsOnItsWay_ReturnsTheItem()
    {
        _queue.Ask(A, Put(1, [1]));
        Receive(A, confirms: false);
        _queue.Abandon(A, _lastCall);
        Assert.Equal((1, 2), Receive(B));
    }

    [Fact]
    public void AbandonCall_AnswerWasReceived_KeepsTheLease()
    {
        _queue.Ask(A, Put(1, [1]));
        Receive(A);
        _queue.Abandon(A, _lastCall);
        Assert.Null(Receive(B));
        Assert.Equal(ObjectStatus.Ok, End(A, ObjectOperation.AcknowledgeItem, lease: 1));
    }

    [Fact]
    public void Acknowledge_ReceivedItem_RemovesItOnce()
    {
        _queue.Ask(A, Put(1, [1]));
        Receive(A);

        Assert.Equal(ObjectStatus.NotHeld, End(B, ObjectOperation.AcknowledgeItem, lease: 1));
        Assert.Equal(ObjectStatus.Ok, End(A, ObjectOperation.AcknowledgeItem, lease: 1));
        Assert.Equal(ObjectStatus.NotHeld, End(A, ObjectOperation.AcknowledgeItem, lease: 1));
        _queue.Die(A);

        Assert.Null(Receive(B));
        Assert.Equal(0, _queue.Size);
    }

    /// <summary>The acknowledgment of the first delivery comes too late. It must not remove the second one.</summary>
    [Fact]
    public void Acknowledge_LeaseOfAnEarlierDelivery_IsRefused()
    {
        _queue.Ask(A, Put(1, [1]));
        Receive(A);
        Assert.Equal(ObjectStatus.Ok, End(A, ObjectOperation.ReturnItem, lease: 1));
        Assert.Equal((1, 2), Receive(A));

        Assert.Equal(ObjectStatus.NotHeld, End(A, ObjectOperation.AcknowledgeItem, lease: 1));
        Assert.Equal(ObjectStatus.Ok, End(A, ObjectOperation.AcknowledgeItem, lease: 2));
    }

    [Fact]
    public void Return_AnotherProcessWaits_DeliversTheItemToIt()
    {
        _queue.Ask(A, Put(1, [1]));
        Receive(A);
        Assert.Empty(_queue.Ask(B, Get(1)));

        var replies = _queue.Ask(A, new ObjectCall(default, 3, ObjectOperation.ReturnItem, -1, 1, []));

        Assert.Equal([1], replies.Single(reply => reply.Call == 1).Items());
    }

    [Fact]
    public void Join_ReceivedItem_WaitsForTheAcknowledgment()
    {
        _queue.Ask(A, Put(1, [1]));
        Receive(A);
        Assert.Empty(_queue.Ask(B, new ObjectCall(default, 1, ObjectOperation.JoinItems, -1, 0, [])));

        var replies = _queue.Ask(A, new ObjectCall(default, 3, ObjectOperation.AcknowledgeItem, -1, 1, []));

        Assert.Contains(replies, reply => reply is { Call: 1, Status: ObjectStatus.Ok });
    }

    [Fact]
    public void PutOnce_KeyAgain_PutsTheItemOnceEvenAfterItWasTaken()
    {
        Assert.Equal((ObjectStatus.Ok, 1), PutOnce("a", 1));
        Assert.Equal((ObjectStatus.Ok, 0), PutOnce("a", 1));
        Assert.Equal((1, 1), Receive(A));
        End(A, ObjectOperation.AcknowledgeItem, lease: 1);

        Assert.Equal((ObjectStatus.Ok, 0), PutOnce("a", 1));
        Assert.Equal((ObjectStatus.Conflict, 0), PutOnce("a", 2));
        Assert.Null(Receive(A));
    }

    [Fact]
    public void PutOnce_FullQueue_KnowsThatTheItemWasPut()
    {
        PutOnce("a", 1);
        PutOnce("b", 2);
        Assert.Equal((ObjectStatus.Ok, 0), PutOnce("a", 1));
        Assert.Equal((ObjectStatus.Full, 0), PutOnce("c", 3));
        Receive(A);
        Assert.Equal((ObjectStatus.Ok, 1), PutOnce("c", 3));
    }

    /// <summary>Both wait for capacity with the same key.</summary>
    [Fact]
    public void PutOnce_TwoWaitWithTheSameKey_PutsOneItem()
    {
        _queue.Ask(A, Put(1, [1, 2]));
        Assert.Empty(_queue.Ask(A, KeyedPut(2, "a", 3, timeout: -1)));
        Assert.Empty(_queue.Ask(B, KeyedPut(3, "a", 3, timeout: -1)));

        var replies = _queue.Ask(A, Get(4, most: 2));

        Assert.Equal([(2L, 1L), (3, 0)], replies.Where(reply => reply.Call is 2 or 3).Select(reply => (reply.Call, reply.Number)));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void PutOnce_ManyKeys_RemembersTheNewest()
    {
        var queue = new QueueState(0, new InsertionOrder(newestFirst: false));
        for (var key = 0; key <= ItemKeys.MaxKeys; key++)
            queue.Ask(A, KeyedPut(key, $"{key}", 1));
        var size = queue.Size;

        Assert.Equal(0, Assert.Single(queue.Ask(A, KeyedPut(1, "1", 1))).Number);
        Assert.Equal(1, Assert.Single(queue.Ask(A, KeyedPut(2, "0", 1))).Number);
        Assert.Equal(size + ObjectSizes.MeasureValue(new byte[1]), queue.Size);
    }

    [Fact]
    public void RestoreSnapshot_LeasesAndKeys_AreRestored()
    {
        PutOnce("a", 1);
        PutOnce("b", 2);
        Receive(A);
        End(A, ObjectOperation.ReturnItem, lease: 1);
        Receive(A);
        Receive(B, confirms: false);
        var restored = new QueueState(2, new InsertionOrder(newestFirst: false));
        restored.RestoreSnapshot(_queue.ToSnapshot());

        Assert.Equal(_queue.Size, restored.Size);
        Assert.True(restored.IsDelivered(B, _lastCall));
        Assert.Equal(0, Assert.Single(restored.Ask(A, KeyedPut(1, "a", 1))).Number);
        restored.Die(A);
        restored.Die(B);
        var first = Assert.Single(restored.Ask(A, Receiving(2)));
        Assert.Equal((4L, (byte)1, 3), (first.Number, first.Payloads[0].Span[0], GetDeliveries(first)));
        Assert.Equal(2, GetDeliveries(Assert.Single(restored.Ask(A, Receiving(3)))));
    }

    private (ObjectStatus Status, long Added) PutOnce(string key, byte item)
    {
        var reply = Assert.Single(_queue.Ask(A, KeyedPut(++_lastCall, key, item)));
        return (reply.Status, reply.Number);
    }

    /// <returns>The item and the number of its deliveries; null if there is none.</returns>
    private (int Item, int Deliveries)? Receive(Caller caller, bool confirms = true)
    {
        var reply = Assert.Single(_queue.Ask(caller, Receiving(++_lastCall)));
        if (reply.Status != ObjectStatus.Ok)
            return null;
        if (confirms)
            _queue.ConfirmReceipt(caller, _lastCall);
        return (reply.Payloads[0].Span[0], GetDeliveries(reply));
    }

    private static int GetDeliveries(ObjectReply reply) => BinaryPrimitives.ReadInt32LittleEndian(reply.Payloads[1].Span);

    private ObjectStatus End(Caller caller, ObjectOperation operation, long lease) =>
        Assert.Single(_queue.Ask(caller, new ObjectCall(default, ++_lastCall, operation, -1, lease, []))).Status;

    private static ObjectCall Receiving(long call) => new(default, call, ObjectOperation.ReceiveItem, 0, 1, []);

    private static ObjectCall KeyedPut(long call, string key, byte item, long timeout = 0) =>
        new(default, call, ObjectOperation.PutOnce, timeout, 0, [Encoding.UTF8.GetBytes(key), new byte[] { item }]);
}
