using System.Diagnostics;
using Actors.Messages.Executors;

namespace Actors.Executor.Jobs;

/// <summary>A job that waits in the executor.</summary>
/// <param name="Id">The id of the job.</param>
/// <param name="Function">The number of its function.</param>
/// <param name="Arguments">The encoded arguments.</param>
/// <param name="Details">The data about its submission.</param>
/// <param name="IsStored">Whether the arguments are in a file instead.</param>
/// <param name="Trace">The trace of the job; null when it is not traced.</param>
internal readonly record struct QueuedJob(
    long Id, int Function, ReadOnlyMemory<byte> Arguments, JobDetails Details, bool IsStored = false, ReceivedTrace? Trace = null);

/// <summary>
/// The jobs that have arrived and have not begun. The reading thread adds jobs, the main thread removes them, and a revocation empties the
/// queue.
/// </summary>
internal sealed class JobQueue
{
    private readonly Queue<QueuedJob> _jobs = new();

    /// <summary>The traces of jobs that have not arrived, by number. Null in a worker without traced jobs.</summary>
    private Dictionary<long, ReceivedTrace>? _traces;

    private volatile int _count;
    private long _begun;

    public bool IsEmpty => _count == 0;

    public void AddJobs(Frame run)
    {
        var reader = run.CreateReader();
        var count = reader.ReadCount(sizeof(long) + sizeof(int) + sizeof(byte) + sizeof(int));
        JobDetails? details = null;
        lock (_jobs)
        {
            for (var i = 0; i < count; i++)
            {
                var (id, function) = (reader.ReadInt64(), reader.ReadInt32());
                details = JobDetails.ReadDetails(ref reader, details);
                EnqueueJob(new QueuedJob(id, function, reader.ReadBytes(), details));
            }

            _count = _jobs.Count;
        }
    }

    /// <summary>Adds the trace of a job that arrives next.</summary>
    public void AddTrace(Frame trace)
    {
        var reader = trace.CreateReader();
        var job = reader.ReadInt64();
        lock (_jobs)
            (_traces ??= [])[job] = ReceivedTrace.ReadTrace(reader);
    }

    private void EnqueueJob(QueuedJob job)
    {
        ReceivedTrace? trace = null;
        _traces?.Remove(job.Id, out trace);
        _jobs.Enqueue(trace is null ? job : job with { Trace = trace });
    }

    public void AddStoredJob(Frame run)
    {
        var reader = run.CreateReader();
        lock (_jobs)
        {
            var (id, function) = (reader.ReadInt64(), reader.ReadInt32());
            EnqueueJob(new QueuedJob(id, function, default, JobDetails.ReadDetails(ref reader, null), IsStored: true));
            _count = _jobs.Count;
        }
    }

    /// <summary>Removes the next job, which begins with this call: a job that a later revocation does not return has begun.</summary>
    /// <param name="progress">Records the beginning.</param>
    /// <param name="job">The job.</param>
    /// <param name="began">The time of the beginning (<see cref="Stopwatch.GetTimestamp"/>).</param>
    public bool TryBegin(ExecutorProgress progress, out QueuedJob job, out long began)
    {
        (job, began) = (default, 0);
        if (_count == 0)
            return false;
        lock (_jobs)
        {
            if (!_jobs.TryDequeue(out job))
                return false;
            _count = _jobs.Count;
            _begun = job.Id;
            began = Stopwatch.GetTimestamp();
            progress.BeginJob(job.Id, began);
            return true;
        }
    }

    /// <summary>Called when the outcome of the running job was sent or waits to be sent.</summary>
    public void ReleaseJob() => Volatile.Write(ref _begun, 0);

    /// <summary>Lists the job that has begun and the jobs that have not.</summary>
    public long[] ListHeld()
    {
        lock (_jobs)
        {
            var begun = Volatile.Read(ref _begun);
            var waiting = _jobs.Select(job => job.Id);
            return [.. begun == 0 ? waiting : waiting.Prepend(begun)];
        }
    }

    /// <summary>Writes the ids of jobs.</summary>
    public static void WriteJobs(FrameWriter writer, long[] jobs)
    {
        writer.WriteInt32(jobs.Length);
        foreach (var job in jobs)
            writer.WriteInt64(job);
    }

    /// <summary>Removes all jobs that have not begun.</summary>
    public long[] RemoveWaiting()
    {
        lock (_jobs)
        {
            var ids = _jobs.Select(job => job.Id).ToArray();
            _jobs.Clear();
            _traces?.Clear();
            _count = 0;
            return ids;
        }
    }
}
