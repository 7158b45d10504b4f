using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>Runs jobs with the newest build that knows their name.</summary>
public sealed partial class DurablePoolState
{
    private readonly JobAssignments _assignments;

    /// <summary>The reason to refuse the named functions of a client; null for none.</summary>
    private static string? FindRefusal(ImmutableArray<NamedFunction> functions)
    {
        if (functions.Length > NamedFunction.MaxCount)
            return $"The program has {functions.Length:N0} named jobs; a durable pool permits {NamedFunction.MaxCount:N0}.";
        // An optional member of a message may contain null.
        return functions.Any(static function => function is null || function.Name.Name.Length is 0 or > NamedFunction.LongestName)
            || functions.DistinctBy(static function => function.Name.Name).Count() < functions.Length
            ? "The program has named jobs with an invalid or repeated name."
            : null;
    }

    /// <summary>The build that runs a job; default for a job that waits for a build.</summary>
    private BundleId FindBuildOf(JobId job) =>
        _assignments.TryFindBuild(job, out var build) ? build ?? default : Ledger.GetBundle(job);

    private int CountJobs(BundleId bundle) => Ledger.Sessions.CountPinned(bundle) + _assignments.CountJobs(bundle);

    /// <summary>Gets the unfinished jobs that a build runs.</summary>
    private ImmutableArray<StoredJob> GetJobsOf(BundleId bundle) =>
    [
        .. Ledger.Pending.Where(pending => FindBuildOf(pending.Job.Id) == bundle && Ledger.IsUnfinished(pending.Job.Id))
            .Select(pending => new StoredJob(ForBuild(pending.Job, bundle), pending.Losses, pending.MayHaveBegun)),
    ];

    /// <summary>Gets a job with the function of the build that runs it.</summary>
    private JobSpec ForBuild(JobSpec job, BundleId bundle) => job.Policy is { RunsNewest: true, Named: { } named }
        ? job with { Function = Ledger.Builds.GetFunction(bundle, named.Name).Function }
        : job;

    /// <summary>Whether a build can run jobs, and a connected program or a job uses it, or it was opened last.</summary>
    private bool IsUsed(BundleId bundle) => CanRun(bundle)
        && (bundle == Ledger.Spec!.Bundle || _links.Values.Any(link => link.Bundle == bundle) || Ledger.Sessions.CountPending(bundle) > 0);

    /// <summary>Assigns jobs after the pool is loaded.</summary>
    /// <returns>The builds that run them.</returns>
    private IEnumerable<BundleId> AssignLoadedJobs() =>
        AssignJobs(Ledger.Pending.Select(pending => pending.Job).Where(job => job.Policy.RunsNewest && Ledger.IsUnfinished(job.Id)))
            .Select(build => build.Key);

    /// <summary>Assigns jobs, and ends those whose types the newest build has changed.</summary>
    private ILookup<BundleId, JobSpec> AssignJobs(IEnumerable<JobSpec> jobs)
    {
        var decision = _assignments.AssignJobs(jobs, IsUsed);
        if (!decision.Changed.IsEmpty)
        {
            WriteOutcomes(
                [.. decision.Changed.SelectMany(change => PoolFailures.RefuseJobs([change.Job], CreateSignatureChange(change)))]);
        }

        // A program that is connecting may know the name.
        if (!_opening.HasConnecting)
            LogWaiting(decision.Waiting);
        return decision.Assigned;
    }

    private void LogWaiting(ImmutableArray<string> names)
    {
        foreach (var name in names.CountBy(static name => name))
            _host.PublishEvent(new DurablePoolEvent.WaitingForBuild(Name, name.Value, WireLimits.CutName(name.Key)));
    }

    /// <summary>
    /// Tells a client that a pending job cannot run now; null if a build in use can run it. The job stays in the pool. A client must not
    /// wait: another build may never be opened.
    /// </summary>
    private JobOutcome? FindMissingBuild(JobId id)
    {
        var isNamed = _assignments.TryFindBuild(id, out var build);
        if (!Ledger.IsUnfinished(id) || (isNamed ? build is not null : CanRun(Ledger.GetBundle(id))))
            return null;
        var job = Ledger.FindPending(id);
        var reason = isNamed
            ? $"The job {id} waits, because no build in use has a method with the name '{job.Policy.Named!.Name}'. Open the pool with a "
                + $"program that has [Job(\"{job.Policy.Named.Name}\")]"
            : $"The job {id} ({job.Function.Name}) waits, because it runs only with the build that submitted it, {Ledger.GetBundle(id)}. "
                + "Open the pool with a program of that build";
        var failure = FailureConverter.ToFailure(
            new FunctionNotFoundException($"{reason}, and attach to the job again. Or cancel it with DurableJobs. It stays in the pool."));
        return new JobOutcome(id, JobStatus.WithoutBuild, default, failure, 0);
    }

    private static FunctionNotFoundException CreateSignatureChange((JobSpec Job, BundleId Build) change) => new(
        $"The job named '{change.Job.Policy.Named!.Name}' cannot run with the newest build of the program, {change.Build}: its "
        + "parameters or its result have other types than in the build that submitted the job. Give the changed function another name, "
        + "or restore its types in a new build and retry the job.");

    /// <summary>Runs named jobs that were just written, or that no running build has.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="areWithdrawn">Whether a build has confirmed that they have not begun, although it was about to start them.</param>
    private void RunNamed(IEnumerable<JobSpec> jobs, bool areWithdrawn = false)
    {
        foreach (var build in AssignJobs(jobs))
        {
            RunInBuild(build.Key, new BuildActor.RestoreJobs(
                [.. build.Select(job => ToStored(job, build.Key, mayHaveBegun: !areWithdrawn && Ledger.MayHaveBegun(job.Id)))]));
        }
    }

    private StoredJob ToStored(JobSpec job, BundleId bundle, bool mayHaveBegun) =>
        new(ForBuild(job, bundle), Ledger.GetLosses(job.Id), mayHaveBegun);

    /// <summary>
    /// Assigns jobs again after the builds in use have changed. A job in a running build is withdrawn first; if it has started, it stays.
    /// </summary>
    private void UpdateAssignments()
    {
        if (_assignments.IsEmpty || !_lifecycle.IsRunning)
            return;
        var free = new List<JobSpec>();
        foreach (var outdated in _assignments.FindOutdated(job => Ledger.IsUnfinished(job) ? Ledger.FindPending(job) : null, IsUsed))
        {
            if (outdated.Key is { } bundle && _builds.TryGetValue(bundle, out var build) && !build.IsEnding)
                WithdrawFrom(build, [.. outdated]);
            else
                free.AddRange(outdated.Select(Ledger.FindPending));
        }

        RunNamed(free);
    }

    private void WithdrawFrom(PoolBuild build, ImmutableArray<JobId> jobs)
    {
        _assignments.MoveJobs(jobs);
        foreach (var part in WireLimits.SplitIntoBatches(jobs, static _ => sizeof(long)))
            build.Pool.Send(new PoolProtocol.WithdrawJobs(part));
    }

    /// <summary>Writes the outcomes of a build, and runs the jobs that were withdrawn from it with another one.</summary>
    private void OnBuildEnded(PoolProtocol.JobsEnded ended)
    {
        var moved = _assignments.TakeMoved(ended.Outcomes);
        WriteOutcomes(moved.IsEmpty ? ended.Outcomes : ended.Outcomes.RemoveRange(moved));
        if (moved.IsEmpty)
            return;
        // A lost attempt of the job may still be unwritten.
        WhenWritten(() => RunNamed(
            moved.Select(outcome => outcome.Id).Where(Ledger.IsUnfinished).Select(Ledger.FindPending), areWithdrawn: true));
    }

    private void OnNotWithdrawn(PoolProtocol.JobsNotWithdrawn started)
    {
        var others = started.Jobs.RemoveRange(_assignments.KeepJobs(started.Jobs));
        // After the outcomes of those that have ended.
        if (!others.IsEmpty)
            WhenWritten(() => TellClients(started with { Jobs = others }));
    }

    private void RemoveAssignments(ImmutableArray<JobOutcome> outcomes)
    {
        foreach (var outcome in _assignments.IsEmpty ? [] : outcomes)
            _assignments.RemoveJob(outcome.Id);
    }
}
