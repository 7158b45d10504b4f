using Actors.Messages.Nodes;
using Actors.Programs;
using Actors.Remoting;
using Actors.WorkerNode.Joining;

namespace Actors.WorkerNode;

/// <summary>The options of a worker node. Immutable.</summary>
/// <param name="Program">The options of every program.</param>
/// <param name="Join">The addresses of coordinators. One is enough to find all of them.</param>
/// <param name="Processes">The range of the number of executors.</param>
/// <param name="Traits">Its labels and resources.</param>
/// <param name="IdleAfter">The time after which an idle executor beyond the minimum is removed.</param>
/// <param name="BusyMachine">The machine load, from 0 to 1, above which no executor is added.</param>
/// <param name="CacheDirectory">The directory of downloaded code.</param>
/// <param name="CodeSpace">The space for code, in bytes.</param>
/// <param name="AllowsChaos">Whether operators may inject faults.</param>
internal sealed record WorkerNodeOptions(
    ProgramSettings Program, IReadOnlyList<HostPort> Join, ExecutorRange Processes, NodeTraits Traits, TimeSpan IdleAfter,
    double BusyMachine, string CacheDirectory, long CodeSpace, bool AllowsChaos);
