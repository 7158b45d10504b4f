using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Runtime;

/// <summary>The way to the managed objects of another machine: refuses what does not fit into a message, which remoting would drop without a word.</summary>
/// <param name="channel">The way.</param>
/// <param name="durable">Finds that to durable objects, if there is one besides; null where this is one.</param>
internal sealed class WireObjectChannel(IObjectChannel channel, Func<IObjectChannel?>? durable = null) : IObjectChannel
{
    /// <inheritdoc/>
    public string Home => channel.Home;

    /// <inheritdoc/>
    public ImmutableArray<string> Homes => durable is null ? channel.Homes : channel.Homes.Add(DurableHomes.Cluster);

    /// <inheritdoc/>
    public IObjectChannel? Outward(string home) => home == DurableHomes.Cluster ? durable?.Invoke() : null;

    /// <inheritdoc/>
    public ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        var answer = channel.CallAsync(target, operation, timeoutMilliseconds, number, Checked(payloads), cancellationToken);
        return answer.IsCompletedSuccessfully ? new(Checked(answer.Result)) : CheckedAsync(answer);
    }

    /// <inheritdoc/>
    public ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        Checked(channel.Call(target, operation, timeoutMilliseconds, number, Checked(payloads), cancellationToken));

    /// <inheritdoc/>
    public void Tell(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        channel.Tell(target, operation, number, payloads);

    private static async ValueTask<ObjectReply> CheckedAsync(ValueTask<ObjectReply> answer) => Checked(await answer.ConfigureAwait(false));

    private static ObjectReply Checked(ObjectReply reply) => reply.Status == ObjectStatus.TooLarge
        ? throw new PayloadTooLargeException(WireLimits.TooLarge("The items of one answer", reply.Number))
        : reply;

    private static ImmutableArray<ReadOnlyMemory<byte>> Checked(ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        WireLimits.SizeOf(payloads) is > WireLimits.LargestPayload and var size
            ? throw new PayloadTooLargeException(WireLimits.TooLarge("The items of one call", size))
            : payloads;
}
