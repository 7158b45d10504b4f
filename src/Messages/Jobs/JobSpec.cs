using Actors.Messages.Payloads;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>One call of a user function, as submitted.</summary>
/// <param name="Id">The job's number in its pool.</param>
/// <param name="Function">What to call.</param>
/// <param name="Arguments">The encoded arguments (and the target of a closure); empty when they are stored.</param>
/// <param name="TimeoutMilliseconds">How long a run may take before its executor is killed; 0 is for ever.</param>
/// <param name="MaxAttempts">How often the job may be started when its executors are lost; 1 is at most once.</param>
/// <param name="Stored">Where the arguments are, when they are too large for a message.</param>
[MemoryPackable]
public sealed partial record JobSpec(
    JobId Id, FunctionRef Function, ReadOnlyMemory<byte> Arguments, long TimeoutMilliseconds, int MaxAttempts,
    StoredPayload? Stored = null);
