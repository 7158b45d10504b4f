using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>Queries the state of jobs, and cancels jobs that have not started.</summary>
internal sealed partial class PoolSession
{
    private readonly Dictionary<JobId, TaskCompletionSource<bool>> _inquiries = [];
    private readonly Dictionary<JobId, TaskCompletionSource<bool>> _withdrawals = [];
    private readonly List<JobId> _withdrawn = [];
    private bool _withdrawsAll;

    /// <summary>Asks whether a worker runs the job; false while the pool is disconnected.</summary>
    public Task<bool> QueryIsRunningAsync(JobId job)
    {
        lock (_submitting)
        {
            if (!IsSent(job) || _isReconnecting)
                return Task.FromResult(false);
            var answer = GetOrAddQuery(_inquiries, job, out var isNew);
            if (isNew)
                _pool.Tell(new PoolProtocol.QueryJob(job), _self);
            return answer;
        }
    }

    /// <summary>Cancels the job unless it has started.</summary>
    /// <returns>A task that completes when the job has started or the pool is disconnected. Otherwise the job ends.</returns>
    public Task WithdrawJobAsync(JobId job)
    {
        lock (_submitting)
        {
            if (_isReconnecting)
                return Task.CompletedTask;
            var answer = GetOrAddQuery(_withdrawals, job, out var isNew);
            if (!isNew || CancelUpload(job.Value))
                return answer;
            if (IsSent(job))
                _pool.Tell(new PoolProtocol.WithdrawJobs([job]), _self);
            else
                _withdrawn.Add(job);
            return answer;
        }
    }

    /// <summary>Completes a withdrawal whose caller no longer waits.</summary>
    public void ForgetWithdrawal(JobId job) => CompleteQuery(_withdrawals, job, false);

    /// <summary>Receives the answer whether a worker runs the job.</summary>
    internal void OnInquired(PoolProtocol.QueryJobReply answer) => CompleteQuery(_inquiries, answer.Job, answer.IsRunning);

    /// <summary>Receives the jobs that have started and therefore continue.</summary>
    internal void OnNotWithdrawn(ImmutableArray<JobId> jobs)
    {
        foreach (var job in jobs)
            CompleteQuery(_withdrawals, job, false);
    }

    private static Task<bool> GetOrAddQuery(Dictionary<JobId, TaskCompletionSource<bool>> waiting, JobId job, out bool isNew)
    {
        isNew = !waiting.TryGetValue(job, out var answer);
        if (answer is null)
            waiting[job] = answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        return answer.Task;
    }

    private void CompleteQuery(Dictionary<JobId, TaskCompletionSource<bool>> waiting, JobId job, bool value)
    {
        lock (_submitting)
        {
            if (waiting.Remove(job, out var answer))
                answer.TrySetResult(value);
        }
    }

    /// <summary>Completes all queries after the connection was lost. Call it under the lock.</summary>
    private void CompleteAllQueries()
    {
        foreach (var answer in _inquiries.Values.Concat(_withdrawals.Values))
            answer.TrySetResult(false);
        _inquiries.Clear();
        _withdrawals.Clear();
        _withdrawn.Clear();
    }

    /// <summary>Sends the withdrawals of jobs that were sent. Call it under the lock.</summary>
    private void SendWithdrawn()
    {
        if (_withdrawn.Count == 0)
            return;
        var sent = _withdrawn.Where(IsSent).ToImmutableArray();
        if (sent.IsEmpty)
            return;
        _pool.Tell(new PoolProtocol.WithdrawJobs(sent), _self);
        _withdrawn.RemoveAll(IsSent);
    }

    /// <summary>Asks the pool to cancel all jobs that have not started. Call it under the lock, after everything was sent.</summary>
    private void SendWithdrawAll()
    {
        if (_withdrawsAll)
            _pool.Tell(new PoolProtocol.WithdrawAllJobs(), _self);
    }
}
