using Actors.Messages.Payloads;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>The status of an ended job.</summary>
public enum JobStatus : byte
{
    /// <summary>The function returned; the payload is its encoded result.</summary>
    Succeeded = 0,

    /// <summary>The function threw; <see cref="JobOutcome.Failure"/> is its exception.</summary>
    Threw = 1,

    /// <summary>
    /// The function could not be called, or its result could not be carried. <see cref="JobOutcome.Failure"/> states the reason.
    /// </summary>
    Refused = 2,

    /// <summary>The run exceeded the job's timeout, so the job was canceled, or its worker was killed.</summary>
    TimedOut = 3,

    /// <summary>The caller canceled the job.</summary>
    Canceled = 4,

    /// <summary>All attempts ended with the loss of the worker. The job is not retried.</summary>
    WorkerLost = 5,

    /// <summary>The worker was killed because the job exceeded the memory limit of the pool.</summary>
    MemoryExceeded = 6,

    /// <summary>The pool was terminated before the job ended.</summary>
    PoolTerminated = 7,

    /// <summary>
    /// The pool cannot run jobs: it has no node, or its workers do not start. <see cref="JobOutcome.Failure"/> states the reason.
    /// </summary>
    PoolFailed = 8,

    /// <summary>
    /// The durable pool does not know the job: it was never accepted, its outcome was fetched, or its retention time has passed.
    /// </summary>
    Unknown = 9,

    /// <summary>
    /// The durable pool has the job, but no build in use can run it: none knows its name, or its own build is not connected.
    /// <see cref="JobOutcome.Failure"/> states the remedy. The job has not ended.
    /// </summary>
    WithoutBuild = 10,
}

/// <summary>The outcome of a job. Each job has exactly one.</summary>
/// <param name="Id">The job.</param>
/// <param name="Status">The status.</param>
/// <param name="Payload">The encoded result of a job that succeeded; empty otherwise, and if the result is stored.</param>
/// <param name="Failure">The reason of a failure; null if the job succeeded.</param>
/// <param name="Attempts">The number of starts.</param>
/// <param name="Stored">The stored result, if it is too large for a message; otherwise null.</param>
[MemoryPackable]
public sealed partial record JobOutcome(
    JobId Id, JobStatus Status, ReadOnlyMemory<byte> Payload, FailureInfo? Failure, int Attempts, StoredPayload? Stored = null)
{
    /// <summary>Whether the job has ended. Otherwise this tells a client why it need not wait for the outcome.</summary>
    [MemoryPackIgnore]
    public bool HasEnded => Status is not (JobStatus.Unknown or JobStatus.WithoutBuild);

    /// <summary>Describes a contradiction in an outcome from another process; null for none.</summary>
    public string? FindContradiction() => Status switch
    {
        > JobStatus.WithoutBuild => $"Job {Id} is reported with the unknown status {(byte)Status}.",
        JobStatus.Succeeded when Failure is not null => $"Job {Id} is reported as succeeded, with a failure.",
        JobStatus.Succeeded when Stored is not null && !Payload.IsEmpty => $"Job {Id} is reported with two results.",
        not JobStatus.Succeeded when Stored is not null || !Payload.IsEmpty => $"Job {Id} is reported as failed, with a result.",
        JobStatus.Threw or JobStatus.Refused or JobStatus.WithoutBuild when Failure is null =>
            $"Job {Id} is reported as failed, without a failure.",
        _ when Attempts < 0 => $"Job {Id} is reported with {Attempts} attempts.",
        _ => null,
    };

    /// <summary>Describes a contradiction in an outcome from a worker; null for none. Only the pool reports the other statuses.</summary>
    public string? FindReportContradiction() =>
        Status is JobStatus.Succeeded or JobStatus.Threw or JobStatus.Refused or JobStatus.Canceled or JobStatus.MemoryExceeded
            or JobStatus.TimedOut
            ? FindContradiction()
            : $"Job {Id} is reported with status {(byte)Status}, which no worker reports.";

    /// <summary>Gets this outcome, or for a contradiction an outcome that reports the loss of the worker.</summary>
    public JobOutcome OrWorkerLost(string? contradiction) => contradiction is null
        ? this
        : new JobOutcome(
            Id, JobStatus.WorkerLost, default, FailureInfo.FromMessage("Actors.PoolFailure", contradiction), Math.Max(1, Attempts));
}
