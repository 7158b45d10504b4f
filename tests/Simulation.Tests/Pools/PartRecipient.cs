using Actors.Coordinator.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>A part as the receiver of the messages of a state class.</summary>
/// <param name="From">The part that sends them.</param>
/// <param name="To">The receiver.</param>
internal sealed record PartRecipient(SimulatedPart From, SimulatedPart To) : IRecipient
{
    public bool IsLocal => From.Host == To.Host;

    public void Send(object message) => From.SendTo(To, message);
}
