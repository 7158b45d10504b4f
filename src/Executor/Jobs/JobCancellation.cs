namespace Actors.Executor.Jobs;

/// <summary>
/// The cancellation token of the running job. Each job has its own source, so registrations of user code end with the job.
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
    private readonly HashSet<long> _requested = [];
    private CancellationTokenSource _source = new();
    private long _running;

    /// <summary>Whether the running job was canceled.</summary>
    public bool IsRequested => _source.IsCancellationRequested;

    public CancellationToken BeginJob(long job)
    {
        lock (_lock)
        {
            _source = new CancellationTokenSource();
            _running = job;
            if (_requested.Contains(job))
                _source.Cancel();
            return _source.Token;
        }
    }

    public void EndJob()
    {
        lock (_lock)
            _running = 0;
    }

    /// <summary>Cancels a job that runs or has not begun. Callbacks of user code run on the thread pool.</summary>
    public void RequestCancellation(long job)
    {
        lock (_lock)
        {
            if (_running == job)
                _ = _source.CancelAsync();
            else
                RememberRequest(job);
        }
    }

    // Requests for jobs that have ended are never used. Newer requests replace them.
    private void RememberRequest(long job)
    {
        if (!_requested.Add(job))
            return;
        _order.Enqueue(job);
        if (_order.Count > MaxRequested)
            _requested.Remove(_order.Dequeue());
    }
}
