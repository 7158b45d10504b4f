using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors.Runtime;

/// <summary>
/// The channel to managed objects of another machine. Rejects payloads that exceed the message size, which remoting would drop silently.
/// </summary>
/// <param name="channel">The inner channel.</param>
/// <param name="durable">Finds the channel to durable objects; null when this is one.</param>
internal sealed class WireObjectChannel(IObjectChannel channel, Func<IObjectChannel?>? durable = null) : ForwardingObjectChannel
{
    /// <inheritdoc/>
    public override ImmutableArray<string> Owners => durable is null ? channel.Owners : channel.Owners.Add(DurableOwners.Cluster);

    /// <inheritdoc/>
    protected override IObjectChannel Target => channel;

    /// <inheritdoc/>
    public override IObjectChannel? FindChannel(string owner) => owner == DurableOwners.Cluster ? durable?.Invoke() : null;

    /// <inheritdoc/>
    public override ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        var answer = channel.CallAsync(target, operation, timeoutMilliseconds, number, RequireFits(payloads), cancellationToken);
        return answer.IsCompletedSuccessfully ? new(RequireFits(answer.Result)) : RequireFitsAsync(answer);
    }

    /// <inheritdoc/>
    public override ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        RequireFits(channel.Call(target, operation, timeoutMilliseconds, number, RequireFits(payloads), cancellationToken));

    private static async ValueTask<ObjectReply> RequireFitsAsync(ValueTask<ObjectReply> answer) =>
        RequireFits(await answer.ConfigureAwait(false));

    private static ObjectReply RequireFits(ObjectReply reply) => reply.Status == ObjectStatus.TooLarge
        ? throw new PayloadTooLargeException(WireLimits.DescribeTooLarge("The items of one reply", reply.Number))
        : reply;

    private static ImmutableArray<ReadOnlyMemory<byte>> RequireFits(ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        WireLimits.SizeOf(payloads) is > WireLimits.LargestPayload and var size
            ? throw new PayloadTooLargeException(WireLimits.DescribeTooLarge("The items of one call", size))
            : payloads;
}
