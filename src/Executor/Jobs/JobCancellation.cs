namespace Actors.Executor.Jobs;

/// <summary>The token of the running job. Each job has its own source: what user code registers on it ends with the job.</summary>
internal sealed class JobCancellation
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _source = new();
    private long _running;
    private long _requested;

    /// <summary>Whether the running job was asked to stop.</summary>
    public bool IsRequested => _source.IsCancellationRequested;

    public CancellationToken JobBegins(long job)
    {
        lock (_lock)
        {
            _source = new CancellationTokenSource();
            _running = job;
            if (_requested == job)
                _source.Cancel();
            return _source.Token;
        }
    }

    public void JobEnded()
    {
        lock (_lock)
            _running = 0;
    }

    /// <summary>Asks the job to stop: the one that runs, or the one that was just taken and is about to. Callbacks of user code run on the thread pool.</summary>
    public void Request(long job)
    {
        lock (_lock)
        {
            _requested = job;
            if (_running == job)
                _ = _source.CancelAsync();
        }
    }
}
