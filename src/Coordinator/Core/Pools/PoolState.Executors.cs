using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

public sealed partial class PoolState
{
    /// <summary>Sets the number of executors that the nodes provide for this pool, and these nodes.</summary>
    public void ExecutorsGranted(long executors, params IEnumerable<NodeId> nodes)
    {
        _granted = executors;
        _mostGranted = Math.Max(_mostGranted, executors);
        _grantedNodes.Clear();
        _grantedNodes.UnionWith(nodes.Where(node => !_lostNodes.Contains(node)));
        FinishIfDone();
    }

    /// <summary>
    /// Adds an executor whose process is starting. A node cannot add any number of them: executors that retire may run beside those that
    /// replace them, and few others.
    /// </summary>
    public void ExecutorStarting(ExecutorId id, NodeId node)
    {
        if (_lostNodes.Contains(node) || _executors.ContainsKey(id))
            return;
        if (_executors.Values.Count(executor => executor.Node == node) < 2 * _mostGranted + MaxOtherExecutors)
            _executors.Add(id, new Executor(id, node));
    }

    /// <summary>
    /// Marks an executor as ready for jobs. An executor repeats the message until it receives one of the pool, and an idle pool sends none:
    /// a repeated message is answered with a comparison.
    /// </summary>
    public void ExecutorReady(ExecutorId id, NodeId node, TimeSpan now, string nodeName = "", int processId = 0)
    {
        ExecutorStarting(id, node);
        if (!_executors.TryGetValue(id, out var executor))
            return;
        if (!executor.TryBecomeReady(nodeName, processId))
        {
            CompareExecutor(executor);
            return;
        }

        _startFailures.Clear();
        DispatchJobs(now);
        FinishIfDone();
    }

    /// <summary>
    /// Ends jobs with the outcomes of their executor. An outcome of a job that the executor does not have any more is refused.
    /// </summary>
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
        MeasureWaits(executor, outcomes, busyMicroseconds, now);
        foreach (var outcome in outcomes)
        {
            if (!_jobs.TryGetValue(outcome.Id, out var job) || !executor.RemoveJob(job))
                RefuseStale(outcome);
            else
                EndReported(executor, job, outcome);
        }

        RetireIfUsedUp(executor);
        DispatchJobs(now);
        FinishIfDone();
    }

    private void EndReported(Executor executor, Job job, JobOutcome outcome)
    {
        executor.LastBegun = Math.Max(executor.LastBegun, job.Position);
        EndJob(job, CheckedOutcome(job, outcome));
    }

    /// <summary>Replaces an outcome that contradicts itself by a lost worker: a node is trusted no more than a worker.</summary>
    private static JobOutcome CheckedOutcome(Job job, JobOutcome outcome)
    {
        outcome = outcome.OrWorkerLost(outcome.FindReportContradiction());
        return job.LostAttempts == 0 ? outcome : outcome with { Attempts = job.LostAttempts + 1 };
    }

    private void RefuseStale(JobOutcome stale)
    {
        StaleCompletions++;
        if (stale.Stored is { } stored)
            _effects.Add(new PoolEffect.RemoveResult(stored.Id));
    }

    /// <summary>Returns jobs to the head of the queue that the executor had not begun.</summary>
    public void JobsReturned(ExecutorId id, ImmutableArray<JobId> ids, TimeSpan now)
    {
        if (!_executors.TryGetValue(id, out var executor))
            return;
        executor.OnReturned();
        var returned = ids.Select(job => _jobs.GetValueOrDefault(job)).OfType<Job>().Where(executor.RemoveJob).ToList();
        // An answer without jobs is no progress. If the pool expected some, a message was lost, and the next comparison finds it.
        if (returned.Count > 0)
            executor.LastProgress = now;
        executor.UncountReturned(returned.Count);
        ReturnToQueue(returned, now);
        EndWithdrawals(executor);
        DispatchJobs(now);
        FinishIfDone();
    }

    /// <summary>Marks an executor that finishes its jobs and receives no more.</summary>
    public void ExecutorRetiring(ExecutorId id)
    {
        if (_executors.TryGetValue(id, out var executor))
            executor.Retire();
    }

    /// <summary>
    /// Removes an executor whose process has ended. The running job loses an attempt; jobs that had not begun return to the queue.
    /// </summary>
    public void ExecutorExited(ExecutorId id, ExecutorExit exit, JobId lastBegun, JobId lastEnded, FailureInfo? failure, TimeSpan now)
    {
        if (!_executors.Remove(id, out var executor))
            return;
        CountRestart(exit.Reason);
        var sent = executor.AssignedJobs.ToList();
        var begun = sent.FindIndex(job => job.Id == lastBegun);
        // The progress that such a process reported is not trusted. Its first job is blamed at least.
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

        ReturnToQueue(unbegun, now);
        CountStartFailures(executor, exit, failure);
        DispatchJobs(now);
        FinishIfDone();
    }

    /// <summary>
    /// Removes the executors of a lost node. Nobody knows which jobs had begun, so the first job of each executor loses an attempt.
    /// </summary>
    public void NodeLost(NodeId node, TimeSpan now)
    {
        _lostNodes.Add(node);
        _grantedNodes.Remove(node);
        _startFailures.Remove(node);
        var lost = _executors.Values.Where(executor => executor.Node == node).ToList();
        lost.ForEach(static executor => executor.Retire());
        lost.ForEach(executor => ExecutorLost(executor.Id, now));
    }

    /// <summary>Removes an executor that did not report its end. Its first job loses an attempt.</summary>
    public void ExecutorLost(ExecutorId id, TimeSpan now)
    {
        if (!_executors.TryGetValue(id, out var executor))
            return;
        var first = executor.AssignedJobs.First?.Id ?? default;
        ExecutorExited(id, new ExecutorExit(ExecutorExitReason.NodeLost, null, ""), first, default, null, now);
    }

    private void RetireIfUsedUp(Executor executor)
    {
        if (spec.MaxJobsPerWorker == 0 || executor.AssignedCount < spec.MaxJobsPerWorker)
            return;
        if (executor.TryRetireIdle())
            _effects.Add(new PoolEffect.SendRetirement(executor.Id));
    }

    /// <summary>
    /// Records a lost attempt of the job that was running. The job ends or runs again. A drain is no fault of the job: it loses no attempt.
    /// </summary>
    private void LoseJob(Job job, Executor executor, ExecutorExit exit, List<Job> again, FailureInfo? failure = null)
    {
        if (exit.Reason == ExecutorExitReason.Drained && !job.IsAtMostOnce)
        {
            again.Add(job);
            return;
        }

        var attempt = PoolFailures.CreateLoss(executor, exit);
        job.AddLoss(attempt);
        _effects.Add(new PoolEffect.RecordLostAttempt(job.Id, attempt));
        switch (exit.Reason)
        {
            case ExecutorExitReason.TimedOut: EndJob(job, JobStatus.TimedOut, PoolFailures.ExecutorLost(exit, job.Losses)); break;
            case ExecutorExitReason.MemoryExceeded:
                EndJob(job, JobStatus.MemoryExceeded, PoolFailures.ExecutorLost(exit, job.Losses));
                break;
            case var _ when job.IsCanceled: EndJob(job, JobStatus.Canceled, null); break;
            case ExecutorExitReason.BrokeProtocol:
                EndJob(job, JobStatus.WorkerLost, PoolFailures.ExecutorLost(exit, job.Losses, failure));
                break;
            case var _ when job.LostAttempts >= job.Spec.Policy.MaxAttempts:
                EndJob(job, JobStatus.WorkerLost, PoolFailures.ExecutorLost(exit, job.Losses));
                break;
            default: again.Add(job); break;
        }
    }

    /// <summary>Runs a job again whose result was lost with the process, without a lost attempt. An at-most-once job ends.</summary>
    private void LoseResult(Job job, Executor executor, ExecutorExit exit, List<Job> again)
    {
        if (job.IsAtMostOnce)
            LoseJob(job, executor, exit with { Reason = ExecutorExitReason.Crashed }, again);
        else
            again.Add(job);
    }

    /// <summary>Returns jobs to the head of the queue in their order. Canceled ones end.</summary>
    private void ReturnToQueue(List<Job> jobs, TimeSpan now)
    {
        for (var i = jobs.Count - 1; i >= 0; i--)
        {
            if (jobs[i].IsCanceled || jobs[i].IsWithdrawn)
                EndJob(jobs[i], JobStatus.Canceled, null);
            else
                _waiting.AddFirst(jobs[i], now);
        }
    }

    private void CountStartFailures(Executor executor, ExecutorExit exit, FailureInfo? failure)
    {
        if (exit.Reason == ExecutorExitReason.InitializerThrew && !executor.IsReady)
            FailPool(failure ?? PoolFailures.StartFailed(exit));
        else if (!executor.IsReady && exit.Reason == ExecutorExitReason.StartFailed)
            CountStartFailure(executor.Node, failure ?? PoolFailures.StartFailed(exit));
    }

    /// <summary>
    /// Fails the pool when no remaining node can start an executor. One bad node does not fail the jobs that others can run, also while
    /// these still download the code or replace an executor.
    /// </summary>
    private void CountStartFailure(NodeId node, FailureInfo reason)
    {
        _startFailures[node] = _startFailures.GetValueOrDefault(node) + 1;
        if (CannotStart(node) && _grantedNodes.All(CannotStart) && _executors.Values.All(executor => CannotStart(executor.Node)))
            FailPool(reason);
    }

    private bool CannotStart(NodeId node) => _startFailures.GetValueOrDefault(node) >= StartFailuresAllowed;
}
