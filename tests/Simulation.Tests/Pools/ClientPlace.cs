using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Simulation.Tests.Pools;

/// <summary>
/// A program and its successors: after a crash or a deployment the next one continues with the ids and keys that the last one has stored.
/// </summary>
internal sealed class ClientPlace
{
    /// <summary>The options of the pool, with the build of the program.</summary>
    public required PoolSpec Spec { get; set; }

    public ISimulatedClient Client { get; set; } = null!;

    /// <summary>The accepted jobs whose outcomes are not acknowledged.</summary>
    public Dictionary<JobId, SubmittedJob> Accepted { get; } = [];

    /// <summary>The jobs with keys that may be accepted.</summary>
    public HashSet<SubmittedJob> Unconfirmed { get; } = [];
}
