using Akka.Actor;
using Akka.Event;

namespace Actors.Remoting.Transport;

/// <summary>What all connections of an actor system share.</summary>
/// <param name="Role">The role of this program.</param>
/// <param name="Address">Its address, as the transport below has it.</param>
/// <param name="Proven">The peers that are connected.</param>
/// <param name="Log">For what is refused.</param>
internal sealed record LinkContext(LinkRole Role, Address Address, ProvenLinks Proven, ILoggingAdapter Log);
