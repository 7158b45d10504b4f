using Actors.Messages.Payloads;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>A submitted call of a user function.</summary>
/// <param name="Id">The job's number in its pool.</param>
/// <param name="Function">The function.</param>
/// <param name="Arguments">The encoded arguments, and the target of a closure; empty if they are stored.</param>
/// <param name="TimeoutMilliseconds">The time limit of a run, after which its worker is killed; 0 for none.</param>
/// <param name="MaxAttempts">The most starts of the job if its workers are lost; 1 is at most once.</param>
/// <param name="Stored">The stored arguments, if they are too large for a message; otherwise null.</param>
[MemoryPackable]
public sealed partial record JobSpec(
    JobId Id, FunctionRef Function, ReadOnlyMemory<byte> Arguments, long TimeoutMilliseconds, int MaxAttempts,
    StoredPayload? Stored = null);
