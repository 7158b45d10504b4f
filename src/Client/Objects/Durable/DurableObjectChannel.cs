using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Objects.Durable;

/// <summary>The channel to durable objects of a cluster, independent of their current coordinator.</summary>
/// <param name="session">The session of this process.</param>
/// <param name="patience">The longest time that an object may be unreachable.</param>
internal sealed class DurableObjectChannel(DurableObjectSession session, TimeSpan patience) : IObjectChannel
{
    /// <inheritdoc/>
    public string Owner => DurableOwners.Cluster;

    /// <inheritdoc/>
    public async ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = session.SendCall(new ObjectCall(target, 0, operation, timeoutMilliseconds, number, payloads), patience);
        using var cancellation = cancellationToken.UnsafeRegister(_ => session.AbandonCall(pending, cancellationToken), null);
        return await pending.Answer.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        CallAsync(target, operation, timeoutMilliseconds, number, payloads, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void SendOneWay(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        session.TellObject(new ObjectCall(target, 0, operation, 0, number, payloads), patience);
}
