using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// The requests of a client to cancel jobs, and to withdraw jobs that have not started. A request for a job that was not sent follows the
/// job. Cancellations of sent jobs are repeated until the jobs have ended. Not thread-safe.
/// </summary>
internal sealed class CancelRequests
{
    private readonly List<JobId> _unsentCancellations = [];
    private readonly List<JobId> _unsentWithdrawals = [];
    private readonly HashSet<JobId> _repeated = [];
    private long _lastWithdrawal;

    /// <summary>Whether all jobs that have not started are withdrawn.</summary>
    public bool WithdrawsAll { get; private set; }

    /// <summary>Whether requests wait until their jobs are sent.</summary>
    public bool HasUnsent => _unsentCancellations.Count + _unsentWithdrawals.Count > 0;

    /// <summary>Whether a cancellation is repeated.</summary>
    public bool HasRepeated => _repeated.Count > 0;

    /// <summary>The jobs whose cancellation is repeated.</summary>
    public ImmutableArray<JobId> Repeated => [.. _repeated];

    /// <summary>Adds the cancellation of a job that was not sent.</summary>
    public void AddUnsentCancellation(JobId job) => _unsentCancellations.Add(job);

    /// <summary>Adds the withdrawal of a job that was not sent.</summary>
    public void AddUnsentWithdrawal(JobId job) => _unsentWithdrawals.Add(job);

    /// <summary>Repeats a cancellation until <see cref="RemoveRepeated"/>.</summary>
    public void AddRepeated(JobId job) => _repeated.Add(job);

    /// <summary>Repeats the cancellation of a job no more, because the job has ended.</summary>
    public void RemoveRepeated(JobId job) => _repeated.Remove(job);

    /// <summary>Takes the cancellations of jobs that were sent meanwhile. They are repeated from now on.</summary>
    public ImmutableArray<JobId> TakeCancellations(Predicate<JobId> isSent)
    {
        var sent = TakeSent(_unsentCancellations, isSent);
        _repeated.UnionWith(sent);
        return sent;
    }

    /// <summary>Takes the withdrawals of jobs that were sent meanwhile.</summary>
    public ImmutableArray<JobId> TakeWithdrawals(Predicate<JobId> isSent) => TakeSent(_unsentWithdrawals, isSent);

    /// <summary>Creates a request with the next number, so that the pool ignores its late repetition.</summary>
    public PoolProtocol.WithdrawJobs CreateWithdrawal(ImmutableArray<JobId> jobs) => new(jobs, ++_lastWithdrawal);

    /// <summary>Withdraws all jobs that have not started.</summary>
    public void WithdrawAll() => WithdrawsAll = true;

    /// <summary>Forgets the withdrawals that were not sent, because their callers do not wait for a lost pool.</summary>
    public void OnDisconnected() => _unsentWithdrawals.Clear();

    /// <summary>Forgets the cancellations, because all unfinished jobs are sent again.</summary>
    public void Restart()
    {
        _unsentCancellations.Clear();
        _repeated.Clear();
    }

    private static ImmutableArray<JobId> TakeSent(List<JobId> jobs, Predicate<JobId> isSent)
    {
        if (jobs.Count == 0)
            return [];
        ImmutableArray<JobId> sent = [.. jobs.FindAll(isSent)];
        jobs.RemoveAll(isSent);
        return sent;
    }
}
