using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors.Runtime;

/// <summary>
/// The way to the managed objects of a cluster through whichever coordinator this program is at now: proxies outlive the one through which they came, as their
/// objects at other coordinators do. What was under way when that was lost ends with <see cref="CoordinatorLostException"/>. Thread-safe.
/// </summary>
internal sealed class FollowingObjectChannel : IObjectChannel
{
    private volatile IObjectChannel _now;

    /// <param name="first">The way through the first.</param>
    public FollowingObjectChannel(IObjectChannel first) => _now = first;

    /// <inheritdoc/>
    public string Home => _now.Home;

    /// <inheritdoc/>
    public ImmutableArray<string> Homes => _now.Homes;

    /// <summary>Goes on through another coordinator, which learns what this process has proxies of.</summary>
    public void Follow(IObjectChannel next)
    {
        _now = next;
        ObjectReferences.HoldAgain(this);
    }

    /// <inheritdoc/>
    public IObjectChannel? Outward(string home) => _now.Outward(home);

    /// <inheritdoc/>
    public ValueTask<ObjectReply> CallAsync(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        _now.CallAsync(target, operation, timeoutMilliseconds, number, payloads, cancellationToken);

    /// <inheritdoc/>
    public ObjectReply Call(
        ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
        ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
        _now.Call(target, operation, timeoutMilliseconds, number, payloads, cancellationToken);

    /// <inheritdoc/>
    public void Tell(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads) =>
        _now.Tell(target, operation, number, payloads);
}
