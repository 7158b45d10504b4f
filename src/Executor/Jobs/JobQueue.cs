using System.Diagnostics;
using Actors.Messages.Executors;

namespace Actors.Executor.Jobs;

/// <summary>A job as it lies in the executor.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Function">What it calls.</param>
/// <param name="Arguments">The encoded arguments.</param>
/// <param name="IsStored">They are in a file instead.</param>
internal readonly record struct QueuedJob(long Id, int Function, ReadOnlyMemory<byte> Arguments, bool IsStored = false);

/// <summary>The jobs that were sent and have not begun. Whoever reads puts in, the main thread takes out, a recall empties it.</summary>
internal sealed class JobQueue
{
    private readonly Queue<QueuedJob> _jobs = new();

    private volatile int _count;
    private long _begun;

    public bool IsEmpty => _count == 0;

    public void AddJobs(Frame run)
    {
        var reader = run.CreateReader();
        var count = reader.ReadCount(sizeof(long) + sizeof(int) + sizeof(int));
        lock (_jobs)
        {
            for (var i = 0; i < count; i++)
                _jobs.Enqueue(new QueuedJob(reader.ReadInt64(), reader.ReadInt32(), reader.ReadBytes()));
            _count = _jobs.Count;
        }
    }

    public void AddStoredJob(Frame run)
    {
        var reader = run.CreateReader();
        lock (_jobs)
        {
            _jobs.Enqueue(new QueuedJob(reader.ReadInt64(), reader.ReadInt32(), default, IsStored: true));
            _count = _jobs.Count;
        }
    }

    /// <summary>Takes the next job out, which begins with that: what a recall does not give back has begun.</summary>
    public bool TryBegin(ExecutorProgress progress, out QueuedJob job)
    {
        job = default;
        if (_count == 0)
            return false;
        lock (_jobs)
        {
            if (!_jobs.TryDequeue(out job))
                return false;
            _count = _jobs.Count;
            _begun = job.Id;
            progress.BeginJob(job.Id, Stopwatch.GetTimestamp());
            return true;
        }
    }

    /// <summary>The outcome of the job that began last is on its way, or waits to be sent.</summary>
    public void ReleaseJob() => Volatile.Write(ref _begun, 0);

    /// <summary>The job that has begun and those that have not.</summary>
    public long[] ListHeld()
    {
        lock (_jobs)
        {
            var begun = Volatile.Read(ref _begun);
            var waiting = _jobs.Select(job => job.Id);
            return [.. begun == 0 ? waiting : waiting.Prepend(begun)];
        }
    }

    /// <summary>Takes out everything that has not begun.</summary>
    public long[] RemoveWaiting()
    {
        lock (_jobs)
        {
            var ids = _jobs.Select(job => job.Id).ToArray();
            _jobs.Clear();
            _count = 0;
            return ids;
        }
    }
}
