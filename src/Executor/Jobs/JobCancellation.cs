namespace Actors.Executor.Jobs;

/// <summary>The token of the running job. Each job has its own source: what user code registers on it ends with the job.</summary>
internal sealed class JobCancellation
{
    /// <summary>How many requests wait for their jobs: as many as jobs lie here at most (the coordinator's prefetch).</summary>
    internal const int MaxRequested = 2048;

    private readonly Lock _lock = new();
    private readonly Queue<long> _order = new();
    private readonly HashSet<long> _requested = [];
    private CancellationTokenSource _source = new();
    private long _running;

    /// <summary>Whether the running job was asked to stop.</summary>
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

    /// <summary>Asks the job to stop: the one that runs, or one that is about to. Callbacks of user code run on the thread pool.</summary>
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

    // Requests for jobs that have ended are never asked for; newer ones push them out.
    private void RememberRequest(long job)
    {
        if (!_requested.Add(job))
            return;
        _order.Enqueue(job);
        if (_order.Count > MaxRequested)
            _requested.Remove(_order.Dequeue());
    }
}
