using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// Puts items with keys again and again, and receives items that are acknowledged or returned later. Each key puts one item. An
/// acknowledged item is not delivered again, and an acknowledgment is refused only if the object took the process for dead.
/// </summary>
internal sealed partial class DurableQueueSchedule
{
    private const int FirstKeyedItem = 1_000_000;

    private readonly HashSet<int> _added = [];

    /// <summary>The items for which an acknowledgment was sent. It may have been lost with its process.</summary>
    private readonly HashSet<int> _acknowledging = [];

    private void PutOnce(Process process, int key, long timeout)
    {
        var item = FirstKeyedItem + key;
        _producerOf[item] = item;
        process.Items[Call(
            process, ObjectOperation.PutOnce, timeout, 0, [BitConverter.GetBytes(key), BitConverter.GetBytes(item)])] = [item];
    }

    private void EndLease(Process process, int argument, ObjectOperation operation)
    {
        if (process.Leases.Count == 0)
            return;
        var lease = process.Leases.Keys.ElementAt(argument % process.Leases.Count);
        process.Leases.Remove(lease, out var item);
        process.Ending[Call(process, operation, -1, lease, [])] = item;
        if (operation == ObjectOperation.AcknowledgeItem)
            _acknowledging.Add(item);
    }

    private void CheckReceiving(Process process, ObjectCall call, ObjectReply reply)
    {
        switch (call.Operation)
        {
            case ObjectOperation.PutOnce:
                var added = Assert.Single(process.Items[call.Call]);
                Assert.True(reply.Status is ObjectStatus.Ok or ObjectStatus.Full, $"{reply.Status}");
                Assert.True(reply.Number == 0 || _added.Add(added), $"Item {added} was added twice.");
                if (reply.Status == ObjectStatus.Ok)
                    _acknowledged.Add(added);
                break;
            case ObjectOperation.ReceiveItem when reply.Status == ObjectStatus.Ok:
                var item = BitConverter.ToInt32(reply.Payloads[0].Span);
                Assert.True(!_received.Contains(item) || _excused.Contains(item), $"Item {item} is delivered after its end.");
                process.Leases.Add(reply.Number, item);
                process.Caller.ConfirmReceipt(Id, call.Call);
                Send(process);
                break;
            case ObjectOperation.AcknowledgeItem when reply.Status == ObjectStatus.Ok:
                var ended = process.Ending[call.Call];
                Assert.True(_received.Add(ended) || _excused.Contains(ended), $"Item {ended} was acknowledged twice.");
                break;
            case ObjectOperation.AcknowledgeItem:
                Assert.Equal(ObjectStatus.NotHeld, reply.Status);
                Assert.Contains(process.Index, _suspected);
                break;
        }
    }
}
