using System.Collections.Immutable;
using Actors.Executor.Link;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Objects;

namespace Actors.Executor.Objects;

/// <summary>Sends calls of managed objects over the socket of the executor to its node, which forwards them.</summary>
internal sealed class SocketObjectChannel : IObjectChannel
{
    private readonly NodeLink _link;
    private readonly SocketObjectChannel? _outward;

    /// <param name="link">The connection to the node.</param>
    /// <param name="owners">The names of the reachable owners of managed objects, the coordinator of the node first.</param>
    public SocketObjectChannel(NodeLink link, ImmutableArray<string> owners)
    {
        _link = link;
        Owners = owners;
        _outward = owners.Length > 1 ? new SocketObjectChannel(link, owners.RemoveAt(0)) : null;
    }

    /// <inheritdoc/>
    public string Owner => Owners[0];

    /// <inheritdoc/>
    public ImmutableArray<string> Owners { get; }

    /// <inheritdoc/>
    public IObjectChannel? FindChannel(string owner) =>
        _outward is null || _outward.Owner == owner ? _outward : _outward.FindChannel(owner);

    /// <inheritdoc/>
    public ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireFits(payloads);
        var pending = PendingObjectCalls.AddCall(target, operation);
        SendCall(pending, operation, timeoutMilliseconds, number, payloads);
        using var cancellation = cancellationToken.UnsafeRegister(_ => AbandonCall(pending), null);
        _link.ReadUntil(() => pending.IsCompleted);
        return RequireSmallReply(pending.Result);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireFits(payloads);
        var pending = PendingObjectCalls.AddCall(target, operation);
        SendCall(pending, operation, timeoutMilliseconds, number, payloads);
        using var cancellation = cancellationToken.UnsafeRegister(_ => AbandonCall(pending), null);
        return RequireSmallReply(await pending.Task.ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public void SendOneWay(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        _link.SendFrames(writer => ObjectFrames.WriteMessage(writer, new ObjectCall(target, 0, operation, 0, number, payloads)));

    private static ObjectReply RequireSmallReply(ObjectReply reply) => reply.Status == ObjectStatus.TooLarge
        ? throw TooLarge("The items of one call, or of its answer,", reply.Number)
        : reply;

    private static void RequireFits(ImmutableArray<ReadOnlyMemory<byte>> payloads)
    {
        if (WireLimits.SizeOf(payloads) is > ExecutorProtocol.LargestPayload and var size)
            throw TooLarge("The items of one call", size);
    }

    private static PayloadTooLargeException TooLarge(string what, long size) => new(
        size > ExecutorProtocol.LargestPayload
            ? WireLimits.DescribeTooLargeForWorker(what, size)
            : WireLimits.DescribeTooLarge(what, size));

    private void SendCall(
        PendingObjectCall pending, ObjectOperation operation, long timeout, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        _link.SendFrames(writer => ObjectFrames.WriteMessage(
            writer, new ObjectCall(pending.Target, pending.Number, operation, timeout, number, payloads)));

    private void AbandonCall(PendingObjectCall pending)
    {
        if (!PendingObjectCalls.RemoveCall(pending.Number))
            return;
        _link.SendFrames(writer => ObjectFrames.WriteMessage(writer, FrameKind.ObjectCallAbandoned, pending.Target, pending.Number));
        pending.CancelCall();
        _link.WakeWaiters();
    }
}
