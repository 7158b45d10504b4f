using System.Collections.Concurrent;
using Actors.Executor.Link;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Objects;

namespace Actors.Executor.Objects;

/// <summary>A call of a managed object without an answer.</summary>
internal sealed class PendingObjectCall(ObjectId target, ObjectOperation operation, long number)
{
    private readonly TaskCompletionSource<ObjectReply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ObjectId Target => target;

    public long Number => number;

    public ObjectOperation Operation => operation;

    public bool IsCompleted => _answer.Task.IsCompleted;

    public Task<ObjectReply> Task => _answer.Task;

    public ObjectReply Result => _answer.Task.GetAwaiter().GetResult();

    public void SetReply(ObjectReply reply) => _answer.TrySetResult(reply);

    public void CancelCall() => _answer.TrySetCanceled();
}

/// <summary>The calls of this process that wait for an answer.</summary>
internal static class PendingObjectCalls
{
    private static readonly ConcurrentDictionary<long, PendingObjectCall> Calls = new();
    private static long _last;

    public static PendingObjectCall AddCall(ObjectId target, ObjectOperation operation)
    {
        var pending = new PendingObjectCall(target, operation, Interlocked.Increment(ref _last));
        Calls[pending.Number] = pending;
        return pending;
    }

    public static bool RemoveCall(long number) => Calls.TryRemove(number, out _);

    /// <summary>
    /// Completes a call. Its receipt is recorded before user code sees the answer: if the process dies before that, the object gives the
    /// item to another caller, and afterwards it does not. An item that is too large stays in the object.
    /// </summary>
    public static void CompleteCall(ObjectReply reply, NodeLink link, ReceiptRing receipts)
    {
        if (!Calls.TryRemove(reply.Call, out var pending))
            return;
        if (pending.Operation.HandsOver(reply))
            RecordReceipt(new ObjectReplyReceived(pending.Target, reply.Call), link, receipts);
        else if (reply.Status == ObjectStatus.TooLarge)
            link.SendFrames(writer => ObjectFrames.WriteMessage(writer, FrameKind.ObjectCallAbandoned, pending.Target, reply.Call));
        pending.SetReply(reply);
    }

    private static void RecordReceipt(ObjectReplyReceived receipt, NodeLink link, ReceiptRing receipts)
    {
        if (!receipts.TryAdd(receipt))
            link.SendFrames(writer => ObjectFrames.WriteMessage(writer, FrameKind.ObjectReplyReceived, receipt.Object, receipt.Call));
    }
}
