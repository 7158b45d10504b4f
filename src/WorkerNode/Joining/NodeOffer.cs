using Actors.Messages.Nodes;
using Actors.Remoting.Bundles;
using Actors.WorkerNode.Executors;
using Actors.WorkerNode.Payloads;

namespace Actors.WorkerNode.Joining;

/// <summary>What a node says of itself, and has for all coordinators alike.</summary>
/// <param name="Name">For people: host and port.</param>
/// <param name="Slots">How many executors it runs.</param>
/// <param name="Traits">What it has for them.</param>
/// <param name="IdleAfter">How long one beyond the least may have nothing to do.</param>
/// <param name="BusyMachine">How busy the machine may be, of 1, when another is added.</param>
/// <param name="Code">Finds the code of a pool.</param>
/// <param name="Payloads">Brings large arguments and results.</param>
/// <param name="Endpoint">Where executors connect.</param>
internal sealed record NodeOffer(
    string Name, ExecutorRange Slots, NodeTraits Traits, TimeSpan IdleAfter, double BusyMachine, ICodeSource Code, NodePayloads Payloads,
    LocalEndpoint Endpoint);
