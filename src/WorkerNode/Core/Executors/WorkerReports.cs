using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Reads the reports of a worker about its jobs. User code runs in the worker and can write to its socket, so invalid reports are refused.
/// </summary>
public sealed class WorkerReports(AssignedJobs assigned, JobDeadlines deadlines)
{
    private const int SmallestOutcome = sizeof(long) + 2 + sizeof(int);

    /// <summary>Reads the outcomes of jobs.</summary>
    /// <exception cref="InvalidDataException">An outcome is invalid.</exception>
    public (ImmutableArray<JobOutcome> Outcomes, long BusyMicroseconds) ReadDone(FrameReader reader)
    {
        var busy = ReadBusy(ref reader);
        var outcomes = new JobOutcome[reader.ReadCount(SmallestOutcome)];
        if (outcomes.Length == 0)
            throw new InvalidDataException("A frame of outcomes contains none.");
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = ReadOutcome(ref reader);
        reader.RequireEnd();
        // No job ends unless all outcomes are valid.
        if (assigned.RemoveJobs(outcomes) is { } foreign)
            throw NotAssigned(foreign.Value);
        foreach (var outcome in outcomes)
            deadlines.RemoveJob(outcome.Id.Value);
        return (ImmutableCollectionsMarshal.AsImmutableArray(outcomes), busy);
    }

    /// <summary>Reads the report that the result of a job is in its file.</summary>
    /// <exception cref="InvalidDataException">The worker does not have the job.</exception>
    public (JobId Job, long BusyMicroseconds) ReadDoneStored(FrameReader reader)
    {
        var busy = ReadBusy(ref reader);
        var job = reader.ReadInt64();
        reader.RequireEnd();
        EndJob(job);
        return (new JobId(job), busy);
    }

    /// <summary>Reads a value that a job has reported.</summary>
    /// <exception cref="InvalidDataException">The worker does not have the job.</exception>
    public (JobId Job, ProgressValue Value) ReadProgress(FrameReader reader)
    {
        var job = reader.ReadInt64();
        var value = new ProgressValue(reader.ReadInt32(), reader.ReadBytes());
        reader.RequireEnd();
        return assigned.ContainsJob(job) ? (new JobId(job), value) : throw NotAssigned(job);
    }

    /// <summary>Reads the jobs that the worker returns.</summary>
    /// <exception cref="InvalidDataException">The worker does not have one of them.</exception>
    public ImmutableArray<JobId> ReadReturned(FrameReader reader)
    {
        var jobs = ReadJobs(ref reader);
        foreach (var job in jobs)
            EndJob(job.Value);
        return jobs;
    }

    /// <summary>Reads the jobs that the worker holds. A job whose outcome has just arrived is left out.</summary>
    /// <param name="reader">The frame.</param>
    /// <param name="asked">The last position that the worker was asked for.</param>
    /// <exception cref="InvalidDataException">The worker was not asked.</exception>
    public (long Last, ImmutableArray<JobId> Jobs) ReadHeld(FrameReader reader, long asked)
    {
        var last = reader.ReadInt64();
        if (last < 0 || last > asked)
            throw new InvalidDataException($"The worker reports its jobs up to position {last}; it was asked up to {asked}.");
        return (last, ReadJobs(ref reader).RemoveAll(job => !assigned.ContainsJob(job.Value)));
    }

    private static JobOutcome ReadOutcome(ref FrameReader reader)
    {
        var job = reader.ReadInt64();
        var status = (JobStatus)reader.ReadByte();
        var failure = reader.ReadFailure();
        var outcome = new JobOutcome(new JobId(job), status, reader.ReadBytes(), failure, 1);
        return outcome.FindReportContradiction() is { } contradiction ? throw new InvalidDataException(contradiction) : outcome;
    }

    private void EndJob(long job)
    {
        deadlines.RemoveJob(job);
        if (!assigned.RemoveJob(job))
            throw NotAssigned(job);
    }

    private static long ReadBusy(ref FrameReader reader) => reader.ReadInt64() is >= 0 and var busy
        ? busy
        : throw new InvalidDataException("The worker reports a negative run time.");

    private static ImmutableArray<JobId> ReadJobs(ref FrameReader reader)
    {
        var jobs = ImmutableArray.CreateBuilder<JobId>(reader.ReadCount(sizeof(long)));
        for (var i = 0; i < jobs.Capacity; i++)
            jobs.Add(new JobId(reader.ReadInt64()));
        reader.RequireEnd();
        return jobs.MoveToImmutable();
    }

    private static InvalidDataException NotAssigned(long job) => new($"The worker reports job {job}, which it does not have.");
}
