using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>The written state of a durable pool, built from its records in order. Has no actor and no clock.</summary>
public sealed partial class PoolLedger
{
    /// <summary>The most characters of the message of a failure in a list of jobs.</summary>
    private const int MaxFailureText = 500;

    private readonly Dictionary<JobId, LedgerEntry> _pending = [];
    private readonly RetainedOutcomes _retained = new();
    private readonly HashSet<JobId> _canceled = [];
    private long _pendingBytes;
    private long _specBytes;

    private readonly Dictionary<BundleId, PoolSpec> _specs = [];
    private long _accepted;

    /// <summary>The options with which the pool was opened last. Null before.</summary>
    public PoolSpec? Spec { get; private set; }

    /// <summary>The sessions.</summary>
    public PoolSessions Sessions { get; } = new();

    /// <summary>The builds and their named functions.</summary>
    public NamedBuilds Builds { get; } = new();

    /// <summary>The accepted job with the greatest id.</summary>
    public JobId LastJob { get; private set; }

    /// <summary>The keys of the pending jobs and of those whose outcomes are retained.</summary>
    public PoolKeys Keys { get; } = new();

    /// <summary>Whether the pool is closed for new jobs.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The number of jobs without an outcome.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>The number of retained outcomes.</summary>
    public int RetainedCount => _retained.Count;

    /// <summary>The approximate size of a snapshot in bytes.</summary>
    public long Size => _pendingBytes + _retained.Bytes;

    /// <summary>The approximate bytes of memory of all jobs, results and builds.</summary>
    public long Memory => Size + BuildBytes + ((long)(PendingCount + RetainedCount) * PoolState.JobOverhead);

    /// <summary>The approximate bytes of memory of the retained outcomes.</summary>
    public long ResultMemory => _retained.Bytes + ((long)RetainedCount * PoolState.JobOverhead);

    /// <summary>The bytes of the options and the named functions of all builds.</summary>
    public long BuildBytes => _specBytes + Builds.Size;

    /// <summary>The jobs without an outcome, in the order of their acceptance.</summary>
    public IEnumerable<(JobSpec Job, IReadOnlyList<AttemptLoss> Losses, bool MayHaveBegun)> Pending =>
        _pending.Values.OrderBy(entry => entry.Order).Select(entry => (entry.Job, entry.Losses, entry.MayHaveBegun));

    /// <summary>Gets the options of a build of the program, with which it was opened last.</summary>
    public PoolSpec GetSpec(BundleId bundle) => _specs.TryGetValue(bundle, out var spec) ? spec : Spec!;

    /// <summary>Gets the code of a job without an outcome.</summary>
    public BundleId GetBundle(JobId job) => Sessions.FindSession(SessionRange.GetRange(job))?.Bundle ?? Spec!.Bundle;

    /// <summary>The builds that have pinned jobs without an outcome.</summary>
    public IEnumerable<BundleId> PinnedBundles =>
        Sessions.All.Where(static session => session.Pinned > 0).Select(static session => session.Bundle).Distinct();

    /// <summary>Whether the job has no written outcome.</summary>
    public bool IsPending(JobId id) => _pending.ContainsKey(id);

    /// <summary>Whether the job has no outcome, written or not.</summary>
    public bool IsUnfinished(JobId id) => _pending.TryGetValue(id, out var entry) && !entry.IsEnding;

    /// <summary>Records that an outcome of the job is about to be written, so that the job gets no other one.</summary>
    /// <returns>False when the job has an outcome, written or not.</returns>
    public bool TryBeginEnd(JobId id)
    {
        if (!_pending.TryGetValue(id, out var entry) || entry.IsEnding)
            return false;
        entry.IsEnding = true;
        return true;
    }

    /// <summary>Gets a job that has no outcome.</summary>
    public JobSpec FindPending(JobId id) => _pending[id].Job;

    /// <summary>Gets its lost attempts.</summary>
    public IReadOnlyList<AttemptLoss> GetLosses(JobId id) => _pending[id].Losses;

    /// <summary>Whether it is an at-most-once job that may have begun.</summary>
    public bool MayHaveBegun(JobId id) => _pending[id].MayHaveBegun;

    /// <summary>Gets the retained outcome of a job.</summary>
    public bool TryGetOutcome(JobId id, [NotNullWhen(true)] out JobOutcome? outcome)
    {
        outcome = _retained.Find(id)?.Outcome;
        return outcome is not null;
    }

    /// <summary>Gets the failed job of a retained outcome; null if it has not failed.</summary>
    public JobSpec? FindFailed(JobId id) => _retained.Find(id)?.Failed;

    /// <summary>The jobs without an outcome that a tool has canceled.</summary>
    public IEnumerable<JobId> Canceled => _canceled;

    /// <summary>Gets how long the outcome of a pending job is retained: as the program wants that has submitted the job.</summary>
    public OutcomeRetention GetRetention(JobId id) =>
        Sessions.FindSession(SessionRange.GetRange(id))?.Retention ?? OutcomeRetention.FromSpec(GetSpec(GetBundle(id)));

    /// <summary>Lists the jobs in the order of their ids.</summary>
    /// <param name="after">The id before the first one.</param>
    /// <param name="count">The highest number of jobs.</param>
    public ImmutableArray<PoolProtocol.ListedJob> ListJobs(JobId after, int count) =>
    [
        .. _pending.Keys.Concat(_retained.Ids).Where(id => id.Value > after.Value).Order(Comparer<JobId>.Create(
            static (left, right) => left.Value.CompareTo(right.Value))).Take(count).Select(DescribeJob),
    ];

    private PoolProtocol.ListedJob DescribeJob(JobId id)
    {
        if (_pending.TryGetValue(id, out var entry))
        {
            var policy = entry.Job.Policy;
            return new PoolProtocol.ListedJob(
                id, WireLimits.CutName(entry.Job.Function.Name), CutKey(policy.Key), policy.Priority, GetBundle(id), entry.LostAttempts,
                null, 0, null);
        }

        var retained = _retained.Find(id)!;
        return new PoolProtocol.ListedJob(
            id, WireLimits.CutName(retained.Function), CutKey(Keys.FindKey(id)), retained.Failed?.Policy.Priority ?? 0, retained.Bundle,
            0, retained.Outcome.Status, retained.Since, FailureLimits.CutText(retained.Outcome.Failure?.Message, MaxFailureText));
    }

    private static string? CutKey(string? key) => key is null ? null : WireLimits.CutName(key);

    /// <summary>Finds the outcomes whose retention time has passed.</summary>
    /// <param name="now">The time in milliseconds since 1970, UTC.</param>
    public ImmutableArray<JobId> FindExpiredOutcomes(long now) => _retained.FindExpired(now);

    /// <summary>Applies the next record.</summary>
    public void ApplyRecord(PoolRecord record)
    {
        AddSpec(record.Opened);
        IsClosed |= record.IsClosed;
        foreach (var build in record.Builds.IsDefault ? [] : record.Builds)
            Builds.AddBuild(build);
        foreach (var session in record.Sessions.IsDefault ? [] : record.Sessions)
            Sessions.AddSession(session);
        foreach (var job in record.Accepted)
            AddPending(job);
        foreach (var id in record.Begun)
            UpdatePending(id, entry => entry.MayHaveBegun = true);
        foreach (var loss in record.Lost)
            UpdatePending(loss.Id, entry => entry.AddLoss(loss.Attempt));
        foreach (var outcome in record.Ended)
            EndJob(outcome, record.At);
        foreach (var id in record.Forgotten)
            ForgetOutcome(id);
        foreach (var id in record.Retried.IsDefault ? [] : record.Retried)
            RetryJob(id);
        _canceled.UnionWith(record.Canceled.IsDefault ? [] : record.Canceled.Where(IsPending));
        if (record.EndedSessions.IsDefaultOrEmpty)
            return;
        foreach (var range in record.EndedSessions)
            Sessions.EndSession(range);
        foreach (var unused in _specs.Keys.Where(bundle => bundle != Spec?.Bundle && !IsUsed(bundle)).ToList())
        {
            RemoveSpec(unused);
            Builds.RemoveBuild(unused);
        }
    }

    private bool IsUsed(BundleId bundle) =>
        Sessions.HasSession(bundle) || _retained.All.Any(retained => retained.Failed is not null && retained.Bundle == bundle);

    private void AddSpec(PoolSpec? spec)
    {
        if (spec is null)
            return;
        Spec = spec;
        RemoveSpec(spec.Bundle);
        _specs.Add(spec.Bundle, spec);
        _specBytes += WireLimits.SizeOf(spec);
    }

    private void RemoveSpec(BundleId bundle)
    {
        if (_specs.Remove(bundle, out var removed))
            _specBytes -= WireLimits.SizeOf(removed);
    }

    private void AddPending(JobSpec job) => AddPending(job, Spec?.Bundle ?? default);

    private void AddPending(JobSpec job, BundleId bundle, OutcomeRetention? retention = null)
    {
        if (!_pending.TryAdd(job.Id, new LedgerEntry(job, _accepted++)))
            return;
        _pendingBytes += WireLimits.SizeOf(job);
        Sessions.AddJob(job, bundle, retention);
        Keys.AddJob(job);
        if (job.Id.Value > LastJob.Value)
            LastJob = job.Id;
    }

    private void UpdatePending(JobId id, Action<LedgerEntry> change)
    {
        if (_pending.TryGetValue(id, out var entry))
            change(entry);
    }

    private void EndJob(JobOutcome outcome, long at)
    {
        if (!_pending.Remove(outcome.Id, out var entry))
            return;
        _pendingBytes -= WireLimits.SizeOf(entry.Job);
        _canceled.Remove(outcome.Id);
        var (bundle, retention) = (GetBundle(entry.Job.Id), GetRetention(entry.Job.Id));
        Sessions.RemoveJob(entry.Job);
        var isFailed = outcome.Status != JobStatus.Succeeded;
        _retained.Add(
            new RetainedJob(outcome, at, retention.Milliseconds, entry.Job.Function.Name, bundle, isFailed ? entry.Job : null));
    }

    /// <summary>Makes a failed job a pending one again. It keeps its id and key.</summary>
    private void RetryJob(JobId id)
    {
        if (_retained.Find(id) is not { Failed: { } job } retained)
            return;
        _retained.Remove(id);
        AddPending(job, retained.Bundle, new OutcomeRetention(retained.RetainedFor, DropsOutcomes: false));
    }

    private void ForgetOutcome(JobId id)
    {
        if (_retained.Remove(id) is not null)
            Keys.ForgetJob(id);
    }

    private sealed class LedgerEntry(JobSpec job, long order)
    {
        private List<AttemptLoss>? _losses;

        public JobSpec Job => job;

        public long Order => order;

        public IReadOnlyList<AttemptLoss> Losses => _losses ?? [];

        public int LostAttempts => _losses?.Count ?? 0;

        public bool MayHaveBegun { get; set; }

        /// <summary>Whether an outcome is about to be written. It is not part of the written state.</summary>
        public bool IsEnding { get; set; }

        public void AddLoss(AttemptLoss loss) => (_losses ??= []).Add(loss);
    }
}
