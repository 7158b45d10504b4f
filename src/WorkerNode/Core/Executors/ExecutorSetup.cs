using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Bundles;
using Actors.WorkerNode.Payloads;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>The settings of all executors of a pool on a node.</summary>
/// <param name="Node">The id of the node in this session.</param>
/// <param name="NodeName">The name of the node for users.</param>
/// <param name="Owners">The names of the reachable owners of managed objects, the coordinator of the pool first.</param>
/// <param name="Objects">Receives calls of managed objects.</param>
/// <param name="Directory">The directory of the socket and the progress files.</param>
/// <param name="Listener">Accepts the connections of the processes.</param>
/// <param name="Pool">The actor of the pool, which receives all reports of the executors.</param>
/// <param name="PoolId">The pool.</param>
/// <param name="Spec">The options of the pool.</param>
/// <param name="Code">The code of the pool.</param>
/// <param name="Payloads">Transfers large arguments and results; null if they are sent over the socket.</param>
/// <param name="Shared">Stores shared values; null if they are on this machine already.</param>
/// <param name="Meter">The figures of the node; null in a client, which has its own.</param>
/// <param name="Early">The processes that were started early; null for none.</param>
public sealed record ExecutorSetup(
    NodeId Node, string NodeName, ImmutableArray<string> Owners, IActorRef Objects, RunDirectory Directory, ExecutorListener Listener,
    IActorRef Pool, PoolId PoolId, PoolSpec Spec, CodePaths Code, NodePayloads? Payloads,
    SharedFiles? Shared = null, NodeMeter? Meter = null, EarlyProcesses? Early = null)
{
    /// <summary>Begins to start a process of an executor, or returns one that was started early.</summary>
    public StartingProcess StartProcess() => Early is { } early && early.TryTake(Spec, out var process)
        ? process
        : StartingProcess.Begin(Listener, Code, Directory.SocketPath, Spec);
}
