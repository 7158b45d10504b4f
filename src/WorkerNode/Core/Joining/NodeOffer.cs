using Actors.Messages.Nodes;
using Actors.Remoting.Bundles;
using Actors.WorkerNode.Executors;
using Actors.WorkerNode.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode.Joining;

/// <summary>The offer of a node, which is the same for all coordinators.</summary>
/// <param name="Name">The name for users: host and port.</param>
/// <param name="Slots">The range of the number of executors.</param>
/// <param name="Traits">Its labels and resources.</param>
/// <param name="IdleAfter">The time after which an idle executor beyond the minimum is removed.</param>
/// <param name="BusyMachine">The machine load, from 0 to 1, above which no executor is added.</param>
/// <param name="Code">Provides the code of pools.</param>
/// <param name="Payloads">Transfers large arguments and results.</param>
/// <param name="Endpoint">The endpoint that executors connect to.</param>
/// <param name="Faults">Injects faults into this node, or refuses them.</param>
/// <param name="Meter">The figures of the node.</param>
public sealed record NodeOffer(
    string Name, ExecutorRange Slots, NodeTraits Traits, TimeSpan IdleAfter, double BusyMachine, ICodeSource Code, NodePayloads Payloads,
    LocalEndpoint Endpoint, IActorRef Faults, NodeMeter Meter);
