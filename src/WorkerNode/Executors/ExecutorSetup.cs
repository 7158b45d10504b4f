using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Bundles;
using Actors.WorkerNode.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>What every executor of one pool on one node is made from.</summary>
/// <param name="Node">This incarnation of the node.</param>
/// <param name="NodeName">For people.</param>
/// <param name="Owners">Names the coordinators whose managed objects are reached, the own one first.</param>
/// <param name="Objects">Takes calls on managed objects.</param>
/// <param name="Directory">The node's sockets and progress files.</param>
/// <param name="Listener">Accepts the processes.</param>
/// <param name="Pool">The pool's actor: gets everything that the executors say.</param>
/// <param name="PoolId">The pool.</param>
/// <param name="Spec">What the pool asks of its executors.</param>
/// <param name="Code">Where its code lies.</param>
/// <param name="Payloads">Large arguments and results; null where they go over the socket.</param>
internal sealed record ExecutorSetup(
    NodeId Node, string NodeName, ImmutableArray<string> Owners, IActorRef Objects, RunDirectory Directory, ExecutorListener Listener,
    IActorRef Pool, PoolId PoolId, PoolSpec Spec, CodePaths Code, NodePayloads? Payloads);
