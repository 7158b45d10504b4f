using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.Executor.Jobs;

/// <summary>
/// The cancellation of the running job. Each job has its own source, so registrations of user code end with the job.
/// </summary>
internal sealed class JobCancellation
{
    /// <summary>
    /// The limit of requests for jobs that have not begun. It is the limit of waiting jobs in an executor (the prefetch of the
    /// coordinator).
    /// </summary>
    internal const int MaxRequested = 2048;

    private readonly Lock _lock = new();
    private readonly Queue<long> _order = new();
    private readonly Dictionary<long, JobCancellationReason> _requested = [];
    private JobCancellationSource _source = new();
    private JobCancellationReason? _all;
    private long _running;

    /// <summary>The reason for which the running job, or the one that ran last, was canceled; null if it was not.</summary>
    public JobCancellationReason? Reason => _source.Reason;

    public JobCancellationSource BeginJob(long job)
    {
        lock (_lock)
        {
            _source = new JobCancellationSource();
            _running = job;
            if (_requested.TryGetValue(job, out var requested))
                _source.Cancel(requested);
            else if (_all is { } reason)
                _source.Cancel(reason);
            return _source;
        }
    }

    public void EndJob()
    {
        lock (_lock)
            _running = 0;
    }

    /// <summary>Reads a request of the node.</summary>
    public void ReadRequest(FrameReader reader)
    {
        var (job, reason) = (reader.ReadInt64(), (JobCancellationReason)reader.ReadByte());
        if (job == ExecutorProtocol.AllJobs)
            CancelAll(reason);
        else
            CancelJob(job, reason);
    }

    /// <summary>Cancels a job that runs or has not begun. Callbacks of user code run on the thread pool.</summary>
    public void CancelJob(long job, JobCancellationReason reason)
    {
        lock (_lock)
        {
            if (_running == job)
                _ = _source.CancelAsync(reason);
            else
                RememberRequest(job, reason);
        }
    }

    /// <summary>Cancels the running job, and each job that begins later. The first reason counts.</summary>
    public void CancelAll(JobCancellationReason reason)
    {
        lock (_lock)
        {
            _all ??= reason;
            if (_running != 0)
                _ = _source.CancelAsync(reason);
        }
    }

    // Requests for jobs that have ended are never used. Newer requests replace them.
    private void RememberRequest(long job, JobCancellationReason reason)
    {
        if (!_requested.TryAdd(job, reason))
            return;
        _order.Enqueue(job);
        if (_order.Count > MaxRequested)
            _requested.Remove(_order.Dequeue());
    }
}
