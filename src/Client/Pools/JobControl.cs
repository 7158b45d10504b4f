using Actors.Messages;

namespace Actors.Pools;

/// <summary>Sends the requests of a job handle to the pool. Thread-safe.</summary>
/// <param name="session">The pool.</param>
/// <param name="owner">The object to keep alive while a handle exists; null for none.</param>
internal sealed class JobControl(IPoolSession session, object? owner)
{
    private static readonly TimeSpan StateTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WithdrawTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Keeps the pool from being collected while one of its jobs is unfinished, or has a handle.</summary>
    public object? Owner => owner;

    /// <summary>Called when the awaiting code has received an outcome that its durable pool retains until then.</summary>
    public void OnReceived(PendingJob job) => ((IDurablePoolSession)session).OnReceived(job);

    /// <summary>Asks a waiting or running job to stop.</summary>
    public void CancelJob(PendingJob job)
    {
        JobId requested;
        do
        {
            requested = job.Id;
            session.CancelJob(requested.Value);
        }
        while (job.Id != requested); // The pool has an existing job for its key.
    }

    /// <summary>Gets the acceptance of a job.</summary>
    public Task GetAcceptance(PendingJob job)
    {
        if (!job.IsAcceptanceKnown)
            session.RequestAcceptance(job);
        return job.Acceptance;
    }

    /// <summary>Asks whether a worker runs the job. Blocks for a round trip.</summary>
    public bool IsRunning(PendingJob job, Task ending)
    {
        var answer = session.QueryIsRunningAsync(job.Id);
        return SimulatedThread.WaitAny([answer, ending], StateTimeout) == 0 && answer.Result;
    }

    /// <summary>Cancels the job unless it has started. Returns when it has ended or started.</summary>
    public void WithdrawJob(PendingJob job, Task ending)
    {
        SimulatedThread.WaitAny([session.WithdrawJobAsync(job.Id), ending], WithdrawTimeout);
        session.ForgetWithdrawal(job.Id);
    }
}
