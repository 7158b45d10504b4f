using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Decides which builds run the jobs of a durable pool that may run with the newest build. A job without a build that knows its name waits.
/// Not written: it is decided again when the pool is loaded. Has no actor and no clock.
/// </summary>
/// <param name="builds">The builds of the pool.</param>
public sealed class JobAssignments(NamedBuilds builds)
{
    private readonly Dictionary<JobId, BundleId?> _builds = [];
    private readonly Dictionary<BundleId, int> _counts = [];

    /// <summary>The jobs that are withdrawn from their build, unless they have started, to run with a newer one.</summary>
    private readonly HashSet<JobId> _moving = [];

    /// <summary>The jobs that are to end. One that may run is not run by another build, although its own reports it as canceled.</summary>
    private readonly HashSet<JobId> _ending = [];

    /// <summary>Whether there are no such jobs.</summary>
    public bool IsEmpty => _builds.Count == 0;

    /// <summary>The number of jobs that a build runs.</summary>
    public int CountJobs(BundleId bundle) => _counts.GetValueOrDefault(bundle);

    /// <summary>Whether a job waits for a build.</summary>
    public bool IsWaiting(JobId job) => _builds.TryGetValue(job, out var build) && build is null;

    /// <summary>Finds the build of a job.</summary>
    /// <returns>False for a job that is not known here.</returns>
    public bool TryFindBuild(JobId job, out BundleId? build) => _builds.TryGetValue(job, out build);

    /// <summary>Assigns each job to the newest build that knows its name.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="isUsed">Whether a build is used and can run jobs.</param>
    public Decision AssignJobs(IEnumerable<JobSpec> jobs, Predicate<BundleId> isUsed)
    {
        var newest = FindNewest(isUsed);
        var (assigned, changed, waiting) = (
            new List<(BundleId, JobSpec)>(), ImmutableArray.CreateBuilder<(JobSpec, BundleId)>(),
            ImmutableArray.CreateBuilder<string>());
        foreach (var job in jobs)
        {
            var named = job.Policy.Named!;
            _moving.Remove(job.Id);
            if (newest(named.Name) is not { } build)
            {
                waiting.Add(named.Name);
                SetBuild(job.Id, null);
            }
            else if (builds.GetFunction(build, named.Name).Name.Signature != named.Signature)
            {
                changed.Add((job, build));
                SetBuild(job.Id, null);
            }
            else
            {
                assigned.Add((build, job));
                SetBuild(job.Id, build);
            }
        }

        return new Decision(
            assigned.ToLookup(static entry => entry.Item1, static entry => entry.Item2), changed.DrainToImmutable(),
            waiting.DrainToImmutable());
    }

    /// <summary>
    /// Gets the jobs that would get another build now, by their build. Those that are withdrawn already, or are to end, are left out.
    /// </summary>
    /// <param name="findJob">Finds a job that has not ended.</param>
    /// <param name="isUsed">Whether a build is used and can run jobs.</param>
    public ILookup<BundleId?, JobId> FindOutdated(Func<JobId, JobSpec?> findJob, Predicate<BundleId> isUsed)
    {
        var newest = FindNewest(isUsed);
        return _builds
            .Where(entry => !_moving.Contains(entry.Key) && !_ending.Contains(entry.Key)
                && findJob(entry.Key)?.Policy.Named is { } named && newest(named.Name) != entry.Value)
            .ToLookup(static entry => entry.Value, static entry => entry.Key);
    }

    /// <summary>Jobs are withdrawn from their build, to run with another one.</summary>
    public void MoveJobs(IEnumerable<JobId> jobs) => _moving.UnionWith(jobs);

    /// <summary>Jobs have started: they stay in their build.</summary>
    /// <returns>Those of the jobs that were withdrawn to run with another build.</returns>
    public ImmutableArray<JobId> KeepJobs(ImmutableArray<JobId> jobs)
    {
        _ending.ExceptWith(jobs);
        return StopMoving(jobs);
    }

    /// <summary>Jobs are to end: they stay in their build.</summary>
    public void EndJobs(ImmutableArray<JobId> jobs)
    {
        StopMoving(jobs);
        _ending.UnionWith(jobs.Where(_builds.ContainsKey));
    }

    /// <summary>Gets those of the jobs that have left their build, and are to run with another one.</summary>
    public ImmutableArray<JobOutcome> TakeMoved(ImmutableArray<JobOutcome> outcomes) => _moving.Count == 0
        ? []
        : outcomes.RemoveAll(outcome => !_moving.Remove(outcome.Id) || outcome.Status != JobStatus.Canceled);

    /// <summary>Removes a job that has ended.</summary>
    public void RemoveJob(JobId job)
    {
        _ending.Remove(job);
        if (_builds.Remove(job, out var build) && build is { } bundle && --_counts[bundle] == 0)
            _counts.Remove(bundle);
    }

    private ImmutableArray<JobId> StopMoving(ImmutableArray<JobId> jobs) =>
        _moving.Count == 0 ? [] : jobs.RemoveAll(job => !_moving.Remove(job));

    private void SetBuild(JobId job, BundleId? build)
    {
        RemoveJob(job);
        _builds.Add(job, build);
        if (build is { } bundle)
            _counts[bundle] = CountJobs(bundle) + 1;
    }

    /// <summary>Looks each name up once.</summary>
    private Func<string, BundleId?> FindNewest(Predicate<BundleId> isUsed)
    {
        var known = new Dictionary<string, BundleId?>();
        return name => known.TryGetValue(name, out var build) ? build : known[name] = builds.FindNewest(name, isUsed);
    }

    /// <summary>A decision about jobs.</summary>
    /// <param name="Assigned">The jobs by the build that runs them.</param>
    /// <param name="Changed">The jobs whose types the newest build has changed, and that build.</param>
    /// <param name="Waiting">The names of the jobs that wait, once for each job.</param>
    public sealed record Decision(
        ILookup<BundleId, JobSpec> Assigned, ImmutableArray<(JobSpec Job, BundleId Build)> Changed, ImmutableArray<string> Waiting);
}
