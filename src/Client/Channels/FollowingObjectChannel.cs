using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors.Runtime;

/// <summary>
/// The channel to the managed objects of a cluster through the current coordinator. Proxies outlive the coordinator that they came through,
/// because their objects may belong to other coordinators. Calls in progress at the loss of a coordinator end with
/// <see cref="CoordinatorLostException"/>. Thread-safe.
/// </summary>
/// <param name="first">The channel through the first coordinator.</param>
internal sealed class FollowingObjectChannel(IObjectChannel first) : ForwardingObjectChannel
{
    private volatile IObjectChannel _current = first;

    /// <inheritdoc/>
    protected override IObjectChannel Target => _current;

    /// <summary>Switches to another coordinator, and registers the references of this process there.</summary>
    public void SwitchTo(IObjectChannel next)
    {
        _current = next;
        ObjectReferences.RegisterAgain(this);
    }
}
