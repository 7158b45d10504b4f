using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors.Runtime;

/// <summary>
/// The channel to the managed objects of a cluster through the current coordinator. Proxies outlive the coordinator that they came through,
/// because their objects may belong to other coordinators. Calls in progress at the loss of a coordinator end with
/// <see cref="CoordinatorLostException"/>. Thread-safe.
/// </summary>
internal sealed class FollowingObjectChannel : IObjectChannel
{
    private volatile IObjectChannel _current;

    /// <param name="first">The channel through the first coordinator.</param>
    public FollowingObjectChannel(IObjectChannel first) => _current = first;

    /// <inheritdoc/>
    public string Owner => _current.Owner;

    /// <inheritdoc/>
    public ImmutableArray<string> Owners => _current.Owners;

    /// <summary>Switches to another coordinator, and registers the references of this process there.</summary>
    public void SwitchTo(IObjectChannel next)
    {
        _current = next;
        ObjectReferences.RegisterAgain(this);
    }

    /// <inheritdoc/>
    public IObjectChannel? FindChannel(string owner) => _current.FindChannel(owner);

    /// <inheritdoc/>
    public ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        _current.CallAsync(target, operation, timeoutMilliseconds, number, payloads, cancellationToken);

    /// <inheritdoc/>
    public ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        _current.Call(target, operation, timeoutMilliseconds, number, payloads, cancellationToken);

    /// <inheritdoc/>
    public void SendOneWay(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        _current.SendOneWay(target, operation, number, payloads);
}
