using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

internal sealed partial class PoolState
{
    /// <summary>Nodes provide so many executors for this pool from now on.</summary>
    public void ExecutorsGranted(long executors)
    {
        _granted = executors;
        FinishIfDone();
    }

    /// <summary>A process is being started for this pool.</summary>
    public void ExecutorStarting(ExecutorId id, NodeId node)
    {
        if (!_lostNodes.Contains(node))
            _executors.TryAdd(id, new Executor(id, node));
    }

    /// <summary>The process takes jobs.</summary>
    public void ExecutorReady(ExecutorId id, NodeId node, TimeSpan now, string nodeName = "", int processId = 0)
    {
        ExecutorStarting(id, node);
        if (!_executors.TryGetValue(id, out var executor))
            return;
        executor.IsReady = true;
        (executor.NodeName, executor.ProcessId) = (nodeName, processId);
        _startFailures.Clear();
        DispatchJobs(now);
        FinishIfDone();
    }

    /// <summary>Jobs have ended in an executor. Those that it does not hold (any more) are somebody else's by now: a late word changes nothing.</summary>
    public void JobsDone(ExecutorId id, ImmutableArray<JobOutcome> outcomes, long busyMicroseconds, TimeSpan now)
    {
        if (!_executors.TryGetValue(id, out var executor))
        {
            foreach (var outcome in outcomes)
                RefuseStale(outcome);
            return;
        }

        executor.LastProgress = now;
        executor.Window.RecordJobs(outcomes.Length, busyMicroseconds);
        foreach (var outcome in outcomes)
        {
            if (!_jobs.TryGetValue(outcome.Id, out var job) || !executor.RemoveJob(job))
                RefuseStale(outcome);
            else
                EndJob(job, CheckedOutcome(job, outcome));
        }

        RetireIfUsedUp(executor);
        DispatchJobs(now);
        FinishIfDone();
    }

    /// <summary>A node is trusted no more than a worker: an outcome that cannot be is a lost worker.</summary>
    private static JobOutcome CheckedOutcome(Job job, JobOutcome outcome)
    {
        outcome = outcome.OrWorkerLost(outcome.FindReportContradiction());
        return job.LostAttempts == 0 ? outcome : outcome with { Attempts = job.LostAttempts + 1 };
    }

    private void RefuseStale(JobOutcome stale)
    {
        StaleCompletions++;
        RemovePayload(stale.Stored);
    }

    /// <summary>Jobs that the executor had not begun wait again, before all others.</summary>
    public void JobsReturned(ExecutorId id, ImmutableArray<JobId> ids, TimeSpan now)
    {
        if (!_executors.TryGetValue(id, out var executor))
            return;
        (executor.IsRevoking, executor.HasReturnedAll) = (false, true);
        var returned = ids.Select(job => _jobs.GetValueOrDefault(job)).OfType<Job>().Where(executor.RemoveJob).ToList();
        // Without any job the answer is no progress: if the pool expected some, a message was lost, and the next comparison finds that out.
        if (returned.Count > 0)
            executor.LastProgress = now;
        executor.UncountReturned(returned.Count);
        ReturnToQueue(returned);
        EndWithdrawals(executor);
        DispatchJobs(now);
        FinishIfDone();
    }

    /// <summary>The executor finishes what it runs and takes nothing more.</summary>
    public void ExecutorRetiring(ExecutorId id)
    {
        if (_executors.TryGetValue(id, out var executor))
            executor.IsRetiring = true;
    }

    /// <summary>The process has ended: the job that it was running is charged with the loss, what had not begun waits again.</summary>
    public void ExecutorExited(ExecutorId id, ExecutorExit exit, JobId lastBegun, JobId lastEnded, FailureInfo? failure, TimeSpan now)
    {
        if (!_executors.Remove(id, out var executor))
            return;
        var sent = executor.AssignedJobs.ToList();
        var begun = sent.FindIndex(job => job.Id == lastBegun);
        // What such a process says of its progress counts as little as its frames: one of its jobs is to blame.
        var isBroken = exit.Reason == ExecutorExitReason.BrokeProtocol;
        begun = isBroken ? Math.Max(begun, 0) : begun;
        var unbegun = new List<Job>();
        for (var i = 0; i < sent.Count; i++)
        {
            executor.RemoveJob(sent[i]);
            if (i > begun)
                unbegun.Add(sent[i]);
            else if (i == begun && (isBroken || lastBegun != lastEnded))
                LoseJob(sent[i], executor, exit, unbegun, failure);
            else
                LoseResult(sent[i], executor, exit, unbegun);
        }

        ReturnToQueue(unbegun);
        CountStartFailures(executor, exit, failure);
        DispatchJobs(now);
        FinishIfDone();
    }

    /// <summary>A node and all its executors are gone, and nobody can say what had begun: the first job of each is charged.</summary>
    public void NodeLost(NodeId node, TimeSpan now)
    {
        _lostNodes.Add(node);
        _startFailures.Remove(node);
        var lost = _executors.Values.Where(executor => executor.Node == node).ToList();
        lost.ForEach(executor => executor.IsRetiring = true);
        lost.ForEach(executor => ExecutorLost(executor.Id, now));
    }

    /// <summary>An executor is gone and cannot say what it had begun: its first job is charged.</summary>
    public void ExecutorLost(ExecutorId id, TimeSpan now)
    {
        if (!_executors.TryGetValue(id, out var executor))
            return;
        var first = executor.AssignedJobs.FirstOrDefault()?.Id ?? default;
        ExecutorExited(id, new ExecutorExit(ExecutorExitReason.NodeLost, null, ""), first, default, null, now);
    }

    private void RetireIfUsedUp(Executor executor)
    {
        if (spec.MaxJobsPerWorker == 0 || executor.IsRetiring || !executor.IsIdle || executor.AssignedCount < spec.MaxJobsPerWorker)
            return;
        executor.IsRetiring = true;
        _effects.Add(new PoolEffect.SendRetirement(executor.Id));
    }

    /// <summary>The job was running when its executor ended.</summary>
    private void LoseJob(Job job, Executor executor, ExecutorExit exit, List<Job> again, FailureInfo? failure = null)
    {
        var attempt = PoolFailures.CreateLoss(executor, exit);
        job.AddLoss(attempt);
        _effects.Add(new PoolEffect.RecordLostAttempt(job.Id, attempt));
        switch (exit.Reason)
        {
            case ExecutorExitReason.TimedOut: EndJob(job, JobStatus.TimedOut, PoolFailures.ExecutorLost(exit, job.Losses)); break;
            case ExecutorExitReason.MemoryExceeded: EndJob(job, JobStatus.MemoryExceeded, PoolFailures.ExecutorLost(exit, job.Losses)); break;
            case var _ when job.IsCancelled: EndJob(job, JobStatus.Cancelled, null); break;
            case ExecutorExitReason.BrokeProtocol: EndJob(job, JobStatus.WorkerLost, PoolFailures.ExecutorLost(exit, job.Losses, failure)); break;
            case var _ when job.LostAttempts >= job.Spec.MaxAttempts: EndJob(job, JobStatus.WorkerLost, PoolFailures.ExecutorLost(exit, job.Losses)); break;
            default: again.Add(job); break;
        }
    }

    /// <summary>The job had ended, but its result was lost with the process: it runs again, uncharged, unless it must not.</summary>
    private void LoseResult(Job job, Executor executor, ExecutorExit exit, List<Job> again)
    {
        if (job.IsAtMostOnce)
            LoseJob(job, executor, exit with { Reason = ExecutorExitReason.Crashed }, again);
        else
            again.Add(job);
    }

    /// <summary>In their order, before all that waits; those that nobody wants any more end.</summary>
    private void ReturnToQueue(List<Job> jobs)
    {
        for (var i = jobs.Count - 1; i >= 0; i--)
        {
            if (jobs[i].IsCancelled || jobs[i].IsWithdrawn)
                EndJob(jobs[i], JobStatus.Cancelled, null);
            else
                _waiting.AddFirst(jobs[i].ListNode);
        }
    }

    private void CountStartFailures(Executor executor, ExecutorExit exit, FailureInfo? failure)
    {
        if (exit.Reason == ExecutorExitReason.InitializerThrew && !executor.IsReady)
            FailPool(failure ?? PoolFailures.StartFailed(exit));
        else if (!executor.IsReady && exit.Reason == ExecutorExitReason.StartFailed)
            CountStartFailure(executor.Node, failure ?? PoolFailures.StartFailed(exit));
    }

    /// <summary>The pool fails when no node is left that may be able to run it: one that cannot must not end what others can do.</summary>
    private void CountStartFailure(NodeId node, FailureInfo reason)
    {
        _startFailures[node] = _startFailures.GetValueOrDefault(node) + 1;
        if (CannotStart(node) && _executors.Values.All(executor => CannotStart(executor.Node)))
            FailPool(reason);
    }

    private bool CannotStart(NodeId node) => _startFailures.GetValueOrDefault(node) >= StartFailuresAllowed;
}
