using Actors.Hosting;
using Actors.Messages.Nodes;
using Actors.Remoting;
using Actors.WorkerNode.Joining;

namespace Actors.WorkerNode;

/// <summary>How a worker node is to be. Immutable.</summary>
/// <param name="Program">As any program.</param>
/// <param name="Join">Where coordinators listen; one is enough to find them all.</param>
/// <param name="Processes">How many executors it runs.</param>
/// <param name="Traits">What it has for them.</param>
/// <param name="IdleAfter">How long one beyond the least may have nothing to do.</param>
/// <param name="BusyMachine">How busy the machine may be, of 1, when another is added.</param>
/// <param name="CacheDirectory">Where it keeps code bundles.</param>
internal sealed record WorkerNodeOptions(
    ProgramSettings Program, IReadOnlyList<HostPort> Join, ExecutorRange Processes, NodeTraits Traits, TimeSpan IdleAfter, double BusyMachine, string CacheDirectory);
