using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Objects;

/// <summary>A channel that sends through another channel.</summary>
internal abstract class ForwardingObjectChannel : IObjectChannel
{
    /// <inheritdoc/>
    public virtual string Owner => Target.Owner;

    /// <inheritdoc/>
    public virtual ImmutableArray<string> Owners => Target.Owners;

    /// <inheritdoc/>
    public TimeProvider Clock => Target.Clock;

    /// <summary>The other channel.</summary>
    protected abstract IObjectChannel Target { get; }

    /// <inheritdoc/>
    public virtual IObjectChannel? FindChannel(string owner) => Target.FindChannel(owner);

    /// <inheritdoc/>
    public virtual ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        Target.CallAsync(target, operation, timeoutMilliseconds, number, payloads, cancellationToken);

    /// <inheritdoc/>
    public virtual ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        Target.Call(target, operation, timeoutMilliseconds, number, payloads, cancellationToken);

    /// <inheritdoc/>
    public void SendOneWay(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        Target.SendOneWay(target, operation, number, payloads);
}
