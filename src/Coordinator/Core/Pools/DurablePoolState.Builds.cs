using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Runs jobs in the pool of their build, writes how they end, and sends the outcomes to the sessions that wait for them.
/// </summary>
public sealed partial class DurablePoolState
{
    private readonly Dictionary<BundleId, PoolBuild> _builds = [];
    private readonly SharedOutcomes _shared = new();
    private readonly ForwardedOutputs _outputs = new();

    private void ReceiveFromBuild(PoolBuild build, object message)
    {
        switch (message)
        {
            case PoolProtocol.JobsEnded ended: OnBuildEnded(ended); break;
            case BuildActor.AttemptLost lost:
                _journal.NextBatch.AddLoss(lost.Job, lost.Attempt);
                _journal.WriteNext();
                break;
            case BuildActor.JobsStarting starting:
                _journal.NextBatch.AddBegun(starting.Jobs);
                WhenWritten(() => build.Pool.Send(BuildActor.StartsWritten.Instance));
                break;
            case BuildActor.CompletionsRefused refused:
                _host.PublishEvent(new DurablePoolEvent.OutcomesRefused(Name, refused.Count));
                break;
            case PoolProtocol.PoolFailed failed: OnBuildFailed(build, failed); break;
            case PoolProtocol.PoolFinished: OnBuildFinished(build); break;
            case PoolProtocol.JobsNotWithdrawn started: OnNotWithdrawn(started); break;
            case PoolProtocol.QueryJobReply: TellClients(message); break;
            case PoolProtocol.MapProgressReport report: SendProgress(report); break;
            case PoolProtocol.WorkerStarted started:
                build.Workers[started.Executor] = started;
                TellClients(started);
                break;
            case PoolProtocol.WorkerEnded ended:
                build.Workers.Remove(ended.Executor);
                TellClients(ended);
                break;
            case BuildActor.JobOutput output: ForwardOutput(build, output); break;
        }
    }

    private void SendProgress(PoolProtocol.MapProgressReport report)
    {
        foreach (var link in _links.Values)
            link.Link.Progress.Send(report);
    }

    private PoolBuild? FindBuild(IRecipient pool)
    {
        foreach (var build in _builds.Values)
        {
            if (build.Pool.Equals(pool))
                return build;
        }

        return null;
    }

    /// <summary>Starts the pool of a build, with all its written jobs, if a session or a job needs it.</summary>
    private void StartBuildIfNeeded(BundleId bundle)
    {
        var isUsed = _links.Values.Any(link => link.Bundle == bundle && link is { IsClosing: false, Failure: null });
        var hasJobs = CountJobs(bundle) > 0;
        if (!_lifecycle.IsRunning || _builds.ContainsKey(bundle))
            return;
        if (!(hasJobs ? isUsed || CanRun(bundle) : isUsed && !Ledger.IsClosed))
            return;
        var pool = _host.StartBuild(Ledger.GetSpec(bundle));
        _builds.Add(bundle, new PoolBuild(pool, bundle, _journal.Written));
        pool.Send(new BuildActor.PauseJobs(_isPaused));
        if (hasJobs)
            pool.Send(new BuildActor.RestoreJobs(GetJobsOf(bundle)));
    }

    /// <summary>Whether the nodes can load the code of a build, also without a client.</summary>
    private bool CanRun(BundleId bundle) => _runsEveryBuild || _links.Values.Any(link => link.Bundle == bundle);

    /// <summary>Runs jobs that were just written, of programs of one build.</summary>
    private void RunJobs(BundleId bundle, ImmutableArray<JobSpec> jobs)
    {
        if (!jobs.Any(static job => job.Policy.RunsNewest))
        {
            RunPinned(bundle, jobs);
            return;
        }

        RunNamed(jobs.Where(static job => job.Policy.RunsNewest));
        var pinned = jobs.RemoveAll(static job => job.Policy.RunsNewest);
        if (!pinned.IsEmpty)
            RunPinned(bundle, pinned);
    }

    /// <summary>
    /// Runs jobs of the last record with the build of their program. A build that an earlier change in the same record has started has
    /// them. It may have ended one since, because of a cancellation, and would run it again.
    /// </summary>
    private void RunPinned(BundleId bundle, ImmutableArray<JobSpec> jobs)
    {
        if (_builds.GetValueOrDefault(bundle)?.StartedAfter != _journal.Written)
            RunInBuild(bundle, new PoolProtocol.SubmitJobs(jobs, WantsReply: false));
    }

    /// <summary>Runs jobs with a build. A build that starts or ends now finds them in the ledger.</summary>
    private void RunInBuild(BundleId bundle, object jobs)
    {
        if (!_builds.TryGetValue(bundle, out var build))
            StartBuildIfNeeded(bundle);
        else if (!build.IsEnding)
            build.Pool.Send(jobs);
    }

    /// <summary>Writes the first outcome of each job. From now on the job has ended, although a build may still run it.</summary>
    private void WriteOutcomes(ImmutableArray<JobOutcome> outcomes)
    {
        if (IsInterrupted)
            return;
        var first = outcomes.RemoveAll(outcome => !Ledger.TryBeginEnd(outcome.Id));
        if (first.IsEmpty)
            return;
        foreach (var part in WireLimits.SplitIntoBatches(first, WireLimits.SizeOf))
        {
            AddEnded(part);
            _journal.WhenWritten(() =>
            {
                RemoveAssignments(part);
                SendOutcomes(part);
            });
        }

        _journal.WriteNext();
    }

    /// <summary>Adds outcomes to the next record. Those that their program does not read are forgotten there, without a result.</summary>
    private void AddEnded(ImmutableArray<JobOutcome> outcomes)
    {
        var batch = _journal.NextBatch;
        var dropped = outcomes.RemoveAll(outcome => !DropsOutcome(outcome));
        batch.AddEnded(dropped.IsEmpty ? outcomes : outcomes.RemoveAll(DropsOutcome));
        if (dropped.IsEmpty)
            return;
        batch.AddEnded([.. dropped.Select(outcome => outcome with { Payload = default, Failure = null })]);
        batch.AddForgotten([.. dropped.Select(outcome => outcome.Id)]);
        foreach (var outcome in _keys.IsEmpty ? [] : dropped)
            _keys.ForgetJob(outcome.Id);
    }

    private bool DropsOutcome(JobOutcome outcome) => Ledger.GetRetention(outcome.Id).DropsOutcomes;

    /// <summary>Sends written outcomes to the sessions that submitted the jobs or have attached to them.</summary>
    private void SendOutcomes(ImmutableArray<JobOutcome> outcomes)
    {
        foreach (var link in _links.Values)
        {
            var own = outcomes.RemoveAll(outcome =>
                SessionRange.GetRange(outcome.Id) != link.Range && !_shared.IsWaiting(outcome.Id, link.Range));
            if (own.IsEmpty)
                continue;
            link.Link.SendEnded(own);
            ChargePending(link);
        }

        UpdatePause();
    }

    private void CancelJobs(ImmutableArray<JobId> jobs) => EndJobs(jobs, static ids => new PoolProtocol.CancelJobs(ids));

    private void WithdrawJobs(ImmutableArray<JobId> jobs)
    {
        var ended = jobs.RemoveAll(Ledger.IsPending);
        if (!ended.IsEmpty)
            TellClients(new PoolProtocol.JobsNotWithdrawn(ended));
        EndJobs(jobs, static ids => new PoolProtocol.WithdrawJobs(ids));
    }

    /// <summary>Sends a request to the running builds of the jobs. The jobs of other builds end now as canceled.</summary>
    private void EndJobs(ImmutableArray<JobId> jobs, Func<ImmutableArray<JobId>, IWireMessage> createRequest)
    {
        _assignments.EndJobs(jobs);
        foreach (var (build, ids) in GroupByBuild(jobs))
        {
            if (build is { IsEnding: false })
                build.Pool.Send(createRequest(ids));
            else
                WriteOutcomes([.. ids.Select(id => new JobOutcome(id, JobStatus.Canceled, default, null, 0))]);
        }
    }

    private void QueryJob(SessionLink link, PoolProtocol.QueryJob query)
    {
        if (GroupByBuild([query.Job]) is [({ IsEnding: false } build, _)])
            build.Pool.Send(query);
        else
            link.Link.Client.Send(new PoolProtocol.QueryJobReply(query.Job, IsRunning: false));
    }

    /// <summary>Groups the unfinished ones of the jobs by the running pool of their build. Null if it does not run.</summary>
    private List<(PoolBuild? Build, ImmutableArray<JobId> Jobs)> GroupByBuild(ImmutableArray<JobId> jobs) =>
        [.. jobs.Where(Ledger.IsUnfinished).GroupBy(FindBuildOf)
            .Select(group => (_builds.GetValueOrDefault(group.Key), group.ToImmutableArray()))];

    private void TellBuilds(object message)
    {
        foreach (var build in _builds.Values)
            build.Pool.Send(message);
    }

    /// <summary>
    /// Forwards output to the program whose job has written it, or to another one. Without a client it is acknowledged, so that the worker
    /// does not block.
    /// </summary>
    private void ForwardOutput(PoolBuild build, BuildActor.JobOutput output)
    {
        var link = (output.Job == default ? null : FindLink(SessionRange.GetRange(output.Job)))
            ?? _links.Values.OrderByDescending(link => link.Bundle == build.Bundle).FirstOrDefault();
        if (link is null)
        {
            build.Pool.Send(new PoolProtocol.WorkerOutputWritten(output.Output.Executor, output.Output.IsError));
            return;
        }

        _outputs.Add(output.Output, link.Link.Client, build.Pool);
        link.Link.Client.Send(output.Output);
    }

    /// <summary>The jobs of the build end with the reason. Its programs submit no more jobs until they open the pool again.</summary>
    private void OnBuildFailed(PoolBuild build, PoolProtocol.PoolFailed failed)
    {
        _host.PublishEvent(new DurablePoolEvent.BuildFailed(Name, failed.Reason.Message));
        build.IsEnding = true;
        foreach (var link in _links.Values.Where(link => link.Bundle == build.Bundle))
        {
            link.Failure = failed.Reason;
            link.Link.Client.Send(failed);
        }
    }

    private static void EndBuild(PoolBuild build, bool isGraceful)
    {
        if (build.IsEnding)
            return;
        build.IsEnding = true;
        build.Pool.Send(isGraceful ? new PoolProtocol.ClosePool() : new PoolProtocol.TerminatePool());
    }

    /// <summary>Removes a build whose executors have ended, after its outcomes are written. Jobs submitted since run then.</summary>
    private void OnBuildFinished(PoolBuild build)
    {
        build.HasFinished = true;
        if (IsInterrupted)
            RemoveBuild(build);
        else
            WhenWritten(() => RemoveBuild(build));
    }

    private void RemoveBuild(PoolBuild build)
    {
        // The actor of an interrupted pool counts late completions until the pool stops.
        if (!IsInterrupted)
            _host.StopBuild(build.Pool);
        _builds.Remove(build.Bundle);
        if (_lifecycle.IsStopping)
        {
            CompleteStop();
            return;
        }

        EndCanceledJobs();
        UpdateAssignments();
        StartBuildIfNeeded(build.Bundle);
        EndIfDone();
    }
}
