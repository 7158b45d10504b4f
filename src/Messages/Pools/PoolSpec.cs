using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using MemoryPack;

namespace Actors.Messages.Pools;

/// <summary>The settings of a pool. They do not change. Durations are in milliseconds; 0 is none.</summary>
/// <param name="Processes">The number of workers; 0 is one for every slot of the nodes.</param>
/// <param name="Bundle">The code that the workers load.</param>
/// <param name="Initializer">The function that runs first in every worker; null for none.</param>
/// <param name="InitializerArguments">Its encoded arguments.</param>
/// <param name="MaxJobsPerWorker">The number of jobs after which a worker is replaced; 0 is never.</param>
/// <param name="MemoryLimitBytes">The resident memory at which a worker is killed; 0 is no limit.</param>
/// <param name="CancellationGraceMilliseconds">The time that a canceled job may continue before its worker is killed.</param>
/// <param name="NodeTimeoutMilliseconds">The time that jobs wait while no worker exists or starts.</param>
/// <param name="RecycleAboveBytes">The resident memory at which a worker is replaced after its job; 0 is no limit.</param>
/// <param name="RecycleAfterMilliseconds">The age at which a worker is replaced after its job; 0 is never.</param>
/// <param name="Name">The name of the pool or its workers, for messages and logs.</param>
/// <param name="IsDurable">Whether accepted jobs outlive the client and the coordinator.</param>
/// <param name="ResultRetentionMilliseconds">How long a durable pool retains an outcome that no client fetches.</param>
/// <param name="Needs">The labels and resources that each worker needs; null for none.</param>
/// <param name="DropsOutcomes">Whether a durable pool forgets an outcome when it has sent it.</param>
/// <param name="DisplayName">The name of the pool for its jobs; null for none.</param>
/// <param name="Services">The function that adds the services of every worker; null for none.</param>
/// <param name="ServicesArguments">Its encoded arguments.</param>
/// <param name="Environment">The environment of every worker; null for that of its node.</param>
/// <param name="State">The function that creates the state of every worker; null for none.</param>
/// <param name="StateArguments">Its encoded target.</param>
/// <param name="LogsFrom">The least level of the log records that jobs send, plus 1; 0 if they send none.</param>
/// <param name="CancelsOn">The events that cancel a running job before its worker is ended.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record PoolSpec(
    int Processes,
    BundleId Bundle,
    FunctionRef? Initializer,
    ReadOnlyMemory<byte> InitializerArguments,
    int MaxJobsPerWorker,
    long MemoryLimitBytes,
    long CancellationGraceMilliseconds,
    long NodeTimeoutMilliseconds,
    long RecycleAboveBytes = 0,
    long RecycleAfterMilliseconds = 0,
    string Name = "",
    bool IsDurable = false,
    long ResultRetentionMilliseconds = 0,
    NodeTraits? Needs = null,
    bool DropsOutcomes = false,
    string? DisplayName = null,
    FunctionRef? Services = null,
    ReadOnlyMemory<byte> ServicesArguments = default,
    WorkerEnvironment? Environment = null,
    FunctionRef? State = null,
    ReadOnlyMemory<byte> StateArguments = default,
    int LogsFrom = 0,
    CancellationTriggers CancelsOn = CancellationTriggers.None)
{
    /// <summary>Gets the time that a running job has to end after an event; null if the event does not cancel it.</summary>
    public TimeSpan? GetGrace(CancellationTriggers trigger) =>
        CancelsOn.HasFlag(trigger) ? ProtocolTimes.FromMilliseconds(CancellationGraceMilliseconds) : null;
}
