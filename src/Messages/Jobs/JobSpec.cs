using Actors.Messages.Payloads;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>A submitted call of a user function.</summary>
/// <param name="Id">The job's number in its pool.</param>
/// <param name="Function">The function.</param>
/// <param name="Arguments">The encoded arguments, and the target of a closure; empty if they are stored.</param>
/// <param name="Policy">The options of the job.</param>
/// <param name="Stored">The stored arguments, if they are too large for a message; otherwise null.</param>
[MemoryPackable]
public sealed partial record JobSpec(
    JobId Id, FunctionRef Function, ReadOnlyMemory<byte> Arguments, JobPolicy Policy, StoredPayload? Stored = null);
