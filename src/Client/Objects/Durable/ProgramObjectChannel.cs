using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Objects.Durable;

/// <summary>
/// The channel to durable objects in stores of this program: the channel to its other objects, under a name that is the same in every run.
/// </summary>
internal sealed class ProgramObjectChannel(IObjectChannel channel) : IObjectChannel
{
    /// <inheritdoc/>
    public string Owner => DurableOwners.Program;

    /// <inheritdoc/>
    public ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        channel.CallAsync(target, operation, timeoutMilliseconds, number, payloads, cancellationToken);

    /// <inheritdoc/>
    public ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        channel.Call(target, operation, timeoutMilliseconds, number, payloads, cancellationToken);

    /// <inheritdoc/>
    public void SendOneWay(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        channel.SendOneWay(target, operation, number, payloads);
}
