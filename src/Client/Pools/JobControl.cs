namespace Actors.Pools;

/// <summary>What a handle can ask of the pool of its job. Thread-safe.</summary>
/// <param name="session">The pool.</param>
/// <param name="owner">The object that must live as long as somebody holds a handle; null for none.</param>
internal sealed class JobControl(PoolSession session, object? owner)
{
    private static readonly TimeSpan StateTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WithdrawTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A pool whose handles somebody holds is not forgotten.</summary>
    public object? Owner => owner;

    /// <summary>Asks the job to stop, whether or not it runs.</summary>
    public void Cancel(long job) => session.Cancel(job);

    /// <summary>Whether a worker runs the job. Blocks for a round trip.</summary>
    public bool IsRunning(PendingJob job, Task ending)
    {
        var answer = session.InquireAsync(job.Id);
        return Task.WaitAny([answer, ending], StateTimeout) == 0 && answer.Result;
    }

    /// <summary>Cancels the job unless it has begun. Returns when it has ended or has begun.</summary>
    public void Withdraw(PendingJob job, Task ending)
    {
        Task.WaitAny([session.WithdrawAsync(job.Id), ending], WithdrawTimeout);
        session.ForgetWithdrawal(job.Id);
    }
}
