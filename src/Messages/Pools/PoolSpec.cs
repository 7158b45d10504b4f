using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using MemoryPack;

namespace Actors.Messages.Pools;

/// <summary>What a pool is to be; never changes while it lives. Durations are milliseconds, 0 is "none".</summary>
/// <param name="Processes">How many executors; 0 is every slot that the nodes offer.</param>
/// <param name="Bundle">The code that the executors load.</param>
/// <param name="Initializer">Runs first in every executor; null is nothing.</param>
/// <param name="InitializerArguments">Its encoded arguments.</param>
/// <param name="MaxJobsPerWorker">An executor is replaced after so many jobs; 0 is never.</param>
/// <param name="MemoryLimitBytes">An executor whose resident memory is over this is killed; 0 is no limit.</param>
/// <param name="CancellationGraceMilliseconds">How long a cancelled job may go on before its executor is killed.</param>
/// <param name="NodeTimeoutMilliseconds">How long jobs wait while there is no executor and none is starting.</param>
/// <param name="RecycleAboveBytes">An executor whose resident memory is over this is replaced after its job; 0 is no limit.</param>
/// <param name="RecycleAfterMilliseconds">An executor that has run for so long is replaced after its job; 0 is never.</param>
/// <param name="Name">What it, or its executors, are called, for people.</param>
/// <param name="IsDurable">Whether what it accepts outlives its client and its coordinator.</param>
/// <param name="ResultRetentionMilliseconds">How long a durable pool keeps an outcome that nobody takes.</param>
/// <param name="Needs">What a node must have for each executor; null for nothing.</param>
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
    NodeTraits? Needs = null);
