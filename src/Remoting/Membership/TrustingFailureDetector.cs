using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace Actors.Remoting.Membership;

/// <summary>
/// That of a worker node, which judges nobody: who is a member is the coordinators' business, which watch every member. What a node that hears nothing says of the
/// others would count against them. It has a lease with each coordinator, and by that it knows when it is alone.
/// </summary>
internal sealed class TrustingFailureDetector : FailureDetector
{
    /// <summary>Made by the actor system, one for each member that is watched.</summary>
    public TrustingFailureDetector(Config config, EventStream events)
    {
    }

    /// <inheritdoc/>
    public override bool IsAvailable => true;

    /// <inheritdoc/>
    public override bool IsMonitoring => true;

    /// <inheritdoc/>
    public override void HeartBeat()
    {
        // Nothing follows from it.
    }
}
