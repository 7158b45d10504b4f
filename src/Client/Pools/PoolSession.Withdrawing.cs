using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>Asks the pool where a job is, and cancels jobs that have not begun.</summary>
internal sealed partial class PoolSession
{
    private readonly Dictionary<JobId, TaskCompletionSource<bool>> _inquiries = [];
    private readonly Dictionary<JobId, TaskCompletionSource<bool>> _withdrawals = [];
    private readonly List<JobId> _withdrawn = [];
    private bool _withdrawsAll;

    /// <summary>Whether a worker runs the job; false while that cannot be asked.</summary>
    public Task<bool> InquireAsync(JobId job)
    {
        lock (_submitting)
        {
            if (!IsSent(job) || _isLooking)
                return Task.FromResult(false);
            var answer = AnswerTo(_inquiries, job, out var isNew);
            if (isNew)
                _pool.Tell(new PoolProtocol.Inquire(job), _self);
            return answer;
        }
    }

    /// <summary>Cancels the job unless it has begun.</summary>
    /// <returns>Ends when it has begun, or that cannot be asked. Otherwise the job ends.</returns>
    public Task WithdrawAsync(JobId job)
    {
        lock (_submitting)
        {
            if (_isLooking)
                return Task.CompletedTask;
            var answer = AnswerTo(_withdrawals, job, out var isNew);
            if (!isNew || StopSending(job.Value))
                return answer;
            if (IsSent(job))
                _pool.Tell(new PoolProtocol.Withdraw([job]), _self);
            else
                _withdrawn.Add(job);
            return answer;
        }
    }

    /// <summary>Nobody waits for the answer any more.</summary>
    public void ForgetWithdrawal(JobId job) => Answer(_withdrawals, job, false);

    /// <summary>Whether a worker runs the job.</summary>
    internal void Answered(PoolProtocol.Inquired answer) => Answer(_inquiries, answer.Job, answer.IsRunning);

    /// <summary>These jobs have begun and go on.</summary>
    internal void NotWithdrawn(ImmutableArray<JobId> jobs)
    {
        foreach (var job in jobs)
            Answer(_withdrawals, job, false);
    }

    private static Task<bool> AnswerTo(Dictionary<JobId, TaskCompletionSource<bool>> waiting, JobId job, out bool isNew)
    {
        isNew = !waiting.TryGetValue(job, out var answer);
        if (answer is null)
            waiting[job] = answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        return answer.Task;
    }

    private void Answer(Dictionary<JobId, TaskCompletionSource<bool>> waiting, JobId job, bool value)
    {
        lock (_submitting)
        {
            if (waiting.Remove(job, out var answer))
                answer.TrySetResult(value);
        }
    }

    /// <summary>Nobody answers any more: the connection is lost. To be called under the lock.</summary>
    private void AnswerAll()
    {
        foreach (var answer in _inquiries.Values.Concat(_withdrawals.Values))
            answer.TrySetResult(false);
        _inquiries.Clear();
        _withdrawals.Clear();
        _withdrawn.Clear();
    }

    /// <summary>Withdrawals follow their jobs. To be called under the lock.</summary>
    private void SendWithdrawn()
    {
        if (_withdrawn.Count == 0)
            return;
        var sent = _withdrawn.Where(IsSent).ToImmutableArray();
        if (sent.IsEmpty)
            return;
        _pool.Tell(new PoolProtocol.Withdraw(sent), _self);
        _withdrawn.RemoveAll(IsSent);
    }

    /// <summary>All that has not begun is to end. To be called under the lock, with everything sent.</summary>
    private void SendWithdrawAll()
    {
        if (_withdrawsAll)
            _pool.Tell(new PoolProtocol.WithdrawAll(), _self);
    }
}
