using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Runtime;

/// <summary>
/// The channel to managed objects of another machine. Rejects payloads that exceed the message size, which remoting would drop silently.
/// </summary>
/// <param name="channel">The inner channel.</param>
/// <param name="durable">Finds the channel to durable objects; null when this is one.</param>
internal sealed class WireObjectChannel(IObjectChannel channel, Func<IObjectChannel?>? durable = null) : IObjectChannel
{
    /// <inheritdoc/>
    public string Owner => channel.Owner;

    /// <inheritdoc/>
    public ImmutableArray<string> Owners => durable is null ? channel.Owners : channel.Owners.Add(DurableOwners.Cluster);

    /// <inheritdoc/>
    public IObjectChannel? FindChannel(string owner) => owner == DurableOwners.Cluster ? durable?.Invoke() : null;

    /// <inheritdoc/>
    public ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        var answer = channel.CallAsync(target, operation, timeoutMilliseconds, number, RequireFits(payloads), cancellationToken);
        return answer.IsCompletedSuccessfully ? new(RequireFits(answer.Result)) : RequireFitsAsync(answer);
    }

    /// <inheritdoc/>
    public ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        RequireFits(channel.Call(target, operation, timeoutMilliseconds, number, RequireFits(payloads), cancellationToken));

    /// <inheritdoc/>
    public void SendOneWay(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        channel.SendOneWay(target, operation, number, payloads);

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
