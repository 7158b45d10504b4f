using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The keys of a durable pool's jobs. A key belongs to one job from its acceptance until its outcome is forgotten. Has no actor and no
/// clock.
/// </summary>
public sealed class PoolKeys
{
    private readonly Dictionary<string, JobKey> _byKey = [];
    private readonly Dictionary<JobId, string> _byJob = [];

    /// <summary>Whether no job has a key.</summary>
    public bool IsEmpty => _byJob.Count == 0;

    /// <summary>All keys.</summary>
    public IEnumerable<JobKey> All => _byKey.Values;

    /// <summary>
    /// Decides about submitted jobs. A job without a key is new if its number is. A job with a key is compared with the job that has the
    /// key.
    /// </summary>
    /// <param name="jobs">The submitted jobs. The keys of new jobs are added.</param>
    /// <param name="last">The number of the last job that was submitted before.</param>
    /// <returns>The new jobs, and the jobs that exist.</returns>
    public (ImmutableArray<JobSpec> New, ImmutableArray<PoolProtocol.ExistingJob> Existing) AddJobs(
        ImmutableArray<JobSpec> jobs, JobId last)
    {
        if (HasNewNumbersOnly(jobs, last))
            return (jobs, []);
        var accepted = ImmutableArray.CreateBuilder<JobSpec>(jobs.Length);
        var existing = ImmutableArray.CreateBuilder<PoolProtocol.ExistingJob>();
        foreach (var job in jobs)
        {
            if (FindExisting(job, last) is { } found)
                existing.Add(found);
            else if (job.Id.Value > last.Value)
                accepted.Add(AddJob(job));
        }

        return (accepted.DrainToImmutable(), existing.DrainToImmutable());
    }

    /// <summary>Finds the jobs with keys that exist, among jobs that were submitted before.</summary>
    public ImmutableArray<PoolProtocol.ExistingJob> FindJobs(ImmutableArray<JobSpec> jobs, JobId last) =>
        [.. jobs.Select(job => FindExisting(job, last)).OfType<PoolProtocol.ExistingJob>()];

    /// <summary>Adds the key of an accepted job, if it has one.</summary>
    /// <returns>The job.</returns>
    public JobSpec AddJob(JobSpec job)
    {
        if (job.Policy.Key is { } key)
            AddKey(new JobKey(job.Id, key, HashCall(job)));
        return job;
    }

    /// <summary>Finds the key of a job; null for none.</summary>
    public string? FindKey(JobId job) => _byJob.GetValueOrDefault(job);

    /// <summary>Adds a key from a snapshot.</summary>
    public void AddKey(JobKey key)
    {
        _byKey[key.Key] = key;
        _byJob[key.Id] = key.Key;
    }

    /// <summary>Creates a copy that changes independently.</summary>
    public PoolKeys CreateCopy()
    {
        var copy = new PoolKeys();
        foreach (var key in All)
            copy.AddKey(key);
        return copy;
    }

    /// <summary>Frees the key of a job whose outcome is forgotten.</summary>
    public void ForgetJob(JobId job)
    {
        // A later job may have the key by now.
        if (_byJob.Remove(job, out var key) && _byKey.TryGetValue(key, out var current) && current.Id == job)
            _byKey.Remove(key);
    }

    private static bool HasNewNumbersOnly(ImmutableArray<JobSpec> jobs, JobId last)
    {
        foreach (var job in jobs)
        {
            if (job.Policy.Key is not null || job.Id.Value <= last.Value)
                return false;
        }

        return true;
    }

    /// <summary>
    /// Finds the job that has the key of a job. A repeated job whose key is free was forgotten: it is unknown, and must not run again.
    /// </summary>
    private PoolProtocol.ExistingJob? FindExisting(JobSpec job, JobId last)
    {
        if (job.Policy.Key is not { } key)
            return null;
        if (_byKey.TryGetValue(key, out var current))
        {
            return new PoolProtocol.ExistingJob(
                job.Id, current.Id, job.Id == current.Id || current.Fingerprint.Span.SequenceEqual(HashCall(job)));
        }

        return job.Id.Value > last.Value ? null : new PoolProtocol.ExistingJob(job.Id, job.Id, IsSame: true);
    }

    /// <summary>
    /// Hashes the name of the job or its function, and the arguments. The definition is left out: it differs between builds of a program,
    /// which submit the same jobs.
    /// </summary>
    private static byte[] HashCall(JobSpec job)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(job.Policy.Named?.Name ?? job.Function.Name));
        hash.AppendData([0]);
        hash.AppendData(job.Arguments.Span);
        return hash.GetHashAndReset();
    }
}
