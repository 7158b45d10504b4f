using Actors.Messages.Payloads;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>How a job ended.</summary>
public enum JobStatus : byte
{
    /// <summary>The function returned; the payload is its encoded result.</summary>
    Succeeded = 0,

    /// <summary>The function threw; <see cref="JobOutcome.Failure"/> is its exception.</summary>
    Threw = 1,

    /// <summary>The function could not be called, or its result could not be carried; <see cref="JobOutcome.Failure"/> says why.</summary>
    Refused = 2,

    /// <summary>The run took longer than the job's timeout: its executor was killed.</summary>
    TimedOut = 3,

    /// <summary>The caller cancelled the job.</summary>
    Cancelled = 4,

    /// <summary>Every allowed attempt ended with the loss of its executor; the job is not tried again.</summary>
    WorkerLost = 5,

    /// <summary>The executor was killed because the job took more memory than the pool allows.</summary>
    MemoryExceeded = 6,

    /// <summary>The pool was terminated before the job ended.</summary>
    PoolTerminated = 7,

    /// <summary>The pool cannot run anything: no worker, or executors that do not start. <see cref="JobOutcome.Failure"/> says why.</summary>
    PoolFailed = 8,

    /// <summary>The durable pool does not know the job: it was never accepted, its outcome was taken, or was kept for its time.</summary>
    Unknown = 9,
}

/// <summary>The one end of a job.</summary>
/// <param name="Id">The job.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Payload">The encoded result of a job that succeeded; empty otherwise, and when it is stored.</param>
/// <param name="Failure">Why it failed; null when it succeeded.</param>
/// <param name="Attempts">How often it was started.</param>
/// <param name="Stored">Where the result is, when it is too large for a message.</param>
[MemoryPackable]
public sealed partial record JobOutcome(
    JobId Id, JobStatus Status, ReadOnlyMemory<byte> Payload, FailureInfo? Failure, int Attempts, StoredPayload? Stored = null)
{
    /// <summary>Says what is wrong with an outcome that another process reported; null when it can be.</summary>
    internal string? FindContradiction() => Status switch
    {
        > JobStatus.Unknown => $"Job {Id} is reported with the unknown status {(byte)Status}.",
        JobStatus.Succeeded when Failure is not null => $"Job {Id} is reported as succeeded, with a failure.",
        JobStatus.Succeeded when Stored is not null && !Payload.IsEmpty => $"Job {Id} is reported with two results.",
        not JobStatus.Succeeded when Stored is not null || !Payload.IsEmpty => $"Job {Id} is reported as failed, with a result.",
        JobStatus.Threw or JobStatus.Refused when Failure is null => $"Job {Id} is reported as failed, without a failure.",
        _ when Attempts < 0 => $"Job {Id} is reported with {Attempts} attempts.",
        _ => null,
    };

    /// <summary>Says what is wrong with an outcome that a worker reported; null when it can be. The other ends of a job are the pool's to state.</summary>
    internal string? FindReportContradiction() =>
        Status is JobStatus.Succeeded or JobStatus.Threw or JobStatus.Refused or JobStatus.Cancelled or JobStatus.MemoryExceeded
            ? FindContradiction()
            : $"Job {Id} is reported with status {(byte)Status}, which is none that a worker reports.";

    /// <summary>The outcome; with a contradiction, the loss of the worker instead, which says what was wrong.</summary>
    internal JobOutcome OrWorkerLost(string? contradiction) => contradiction is null
        ? this
        : new JobOutcome(
            Id, JobStatus.WorkerLost, default, FailureInfo.FromMessage("Actors.PoolFailure", contradiction), Math.Max(1, Attempts));
}
