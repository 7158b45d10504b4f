using System.Collections.Immutable;
using Actors.Executor.Link;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Objects;

namespace Actors.Executor.Objects;

/// <summary>Carries calls on managed objects over the executor's socket to its node, which forwards them.</summary>
internal sealed class SocketObjectChannel(NodeLink link, string home) : IObjectChannel
{
    /// <inheritdoc/>
    public string Home => home;

    /// <inheritdoc/>
    public ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = PendingObjectCalls.Add(target, operation);
        Send(pending, operation, timeoutMilliseconds, number, payloads);
        using var cancellation = cancellationToken.UnsafeRegister(_ => Abandon(pending), null);
        link.ReadUntil(() => pending.IsCompleted);
        return Sent(pending.Result);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = PendingObjectCalls.Add(target, operation);
        Send(pending, operation, timeoutMilliseconds, number, payloads);
        using var cancellation = cancellationToken.UnsafeRegister(_ => Abandon(pending), null);
        return Sent(await pending.Task.ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public void Tell(ObjectId target, ObjectOperation operation, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        link.SendFrames(writer => ObjectFrames.Write(writer, new ObjectCall(target, 0, operation, 0, 0, payloads)));

    private static ObjectReply Sent(ObjectReply reply) => reply.Status == ObjectStatus.TooLarge
        ? throw new PayloadTooLargeException(WireLimits.TooLarge("The items of one call", reply.Number))
        : reply;

    private void Send(
        PendingObjectCall pending, ObjectOperation operation, long timeout, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        link.SendFrames(writer => ObjectFrames.Write(
            writer, new ObjectCall(pending.Target, pending.Number, operation, timeout, number, payloads)));

    private void Abandon(PendingObjectCall pending)
    {
        if (!PendingObjectCalls.Remove(pending.Number))
            return;
        link.SendFrames(writer => ObjectFrames.Write(writer, FrameKind.ObjectCallAbandoned, pending.Target, pending.Number));
        pending.Cancel();
        link.WakeWaiters();
    }
}
