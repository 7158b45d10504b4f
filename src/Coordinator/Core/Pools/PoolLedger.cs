using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>The written state of a durable pool, built from its records in order. Has no actor and no clock.</summary>
internal sealed class PoolLedger
{
    private readonly Dictionary<JobId, LedgerEntry> _pending = [];
    private readonly Dictionary<JobId, (JobOutcome Outcome, long Since)> _retained = [];
    private long _pendingBytes;
    private long _retainedBytes;

    private readonly Dictionary<BundleId, PoolSpec> _specs = [];
    private long _accepted;

    /// <summary>The options with which the pool was opened last. Null before.</summary>
    public PoolSpec? Spec { get; private set; }

    /// <summary>The sessions.</summary>
    public PoolSessions Sessions { get; } = new();

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
    public long Size => _pendingBytes + _retainedBytes;

    /// <summary>The jobs without an outcome, in the order of their acceptance.</summary>
    public IEnumerable<(JobSpec Job, IReadOnlyList<AttemptLoss> Losses, bool MayHaveBegun)> Pending =>
        _pending.Values.OrderBy(entry => entry.Order).Select(entry => (entry.Job, entry.Losses, entry.MayHaveBegun));

    /// <summary>Gets the options of a build of the program, with which it was opened last.</summary>
    public PoolSpec GetSpec(BundleId bundle) => _specs.TryGetValue(bundle, out var spec) ? spec : Spec!;

    /// <summary>Gets the code of a job without an outcome.</summary>
    public BundleId GetBundle(JobId job) => Sessions.FindSession(SessionRange.GetRange(job))?.Bundle ?? Spec!.Bundle;

    /// <summary>The builds that have jobs without an outcome.</summary>
    public IEnumerable<BundleId> PendingBundles =>
        Sessions.All.Where(static session => session.Pending > 0).Select(static session => session.Bundle).Distinct();

    /// <summary>Whether the job has no outcome.</summary>
    public bool IsPending(JobId id) => _pending.ContainsKey(id);

    /// <summary>Gets the retained outcome of a job.</summary>
    public bool TryGetOutcome(JobId id, [NotNullWhen(true)] out JobOutcome? outcome)
    {
        outcome = _retained.TryGetValue(id, out var retained) ? retained.Outcome : null;
        return outcome is not null;
    }

    /// <summary>The time since which the oldest outcome is retained. Null if there is none.</summary>
    public long? OldestRetention => _retained.Count == 0 ? null : _retained.Values.Min(static retained => retained.Since);

    /// <summary>Gets the outcomes that were retained at this time or earlier.</summary>
    public ImmutableArray<JobId> GetRetainedSince(long time) =>
        [.. _retained.Where(retained => retained.Value.Since <= time).Select(retained => retained.Key)];

    /// <summary>Applies the next record.</summary>
    public void ApplyRecord(PoolRecord record)
    {
        AddSpec(record.Opened);
        IsClosed |= record.IsClosed;
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
        if (record.EndedSessions.IsDefaultOrEmpty)
            return;
        foreach (var range in record.EndedSessions)
            Sessions.EndSession(range);
        foreach (var unused in _specs.Keys.Where(bundle => bundle != Spec?.Bundle && !Sessions.HasSession(bundle)).ToList())
            _specs.Remove(unused);
    }

    /// <summary>Restores the state from a snapshot.</summary>
    public void RestoreSnapshot(PoolSnapshot snapshot)
    {
        foreach (var spec in snapshot.OtherSpecs.IsDefault ? [] : snapshot.OtherSpecs)
            AddSpec(spec);
        AddSpec(snapshot.Spec);
        IsClosed = snapshot.IsClosed;
        foreach (var session in snapshot.Sessions.IsDefault ? [] : snapshot.Sessions)
            Sessions.AddSession(session);
        foreach (var job in snapshot.Pending)
            AddPending(job);
        foreach (var id in snapshot.Begun)
            UpdatePending(id, entry => entry.MayHaveBegun = true);
        foreach (var loss in snapshot.Lost)
            UpdatePending(loss.Id, entry => entry.AddLoss(loss.Attempt));
        foreach (var (outcome, since) in snapshot.Retained.Zip(snapshot.RetainedSince))
            RetainOutcome(outcome, since);
        foreach (var key in snapshot.RetainedKeys.IsDefault ? [] : snapshot.RetainedKeys)
            Keys.AddKey(key);
        LastJob = snapshot.LastJob;
        Sessions.ReserveRange(Math.Max(snapshot.NextRange - 1, snapshot.LastJob == default ? -1 : SessionRange.GetRange(snapshot.LastJob)));
    }

    /// <summary>Creates a snapshot of the whole state.</summary>
    public PoolSnapshot ToSnapshot() => new(
        Spec ?? throw new InvalidOperationException("A pool that was never opened has nothing to keep."),
        LastJob,
        [.. Pending.Select(entry => entry.Job)],
        [.. _pending.Values.Where(entry => entry.MayHaveBegun).Select(entry => entry.Job.Id)],
        [.. _pending.Values.SelectMany(entry => entry.Losses.Select(loss => new JobLoss(entry.Job.Id, loss)))],
        [.. _retained.Values.Select(retained => retained.Outcome)],
        [.. _retained.Values.Select(retained => retained.Since)],
        IsClosed,
        [.. Keys.All.Where(key => _retained.ContainsKey(key.Id))],
        [.. Sessions.All.Select(session => session.ToStored())],
        Sessions.NextRange,
        [.. _specs.Values.Where(spec => spec.Bundle != Spec.Bundle && Sessions.HasSession(spec.Bundle))]);

    private void AddSpec(PoolSpec? spec)
    {
        if (spec is null)
            return;
        Spec = spec;
        _specs[spec.Bundle] = spec;
    }

    private void AddPending(JobSpec job)
    {
        if (!_pending.TryAdd(job.Id, new LedgerEntry(job, _accepted++)))
            return;
        _pendingBytes += WireLimits.SizeOf(job);
        Sessions.AddJob(job.Id, PoolState.MeasureJob(job), Spec?.Bundle ?? default);
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
        Sessions.RemoveJob(entry.Job.Id, PoolState.MeasureJob(entry.Job));
        RetainOutcome(outcome, at);
    }

    private void RetainOutcome(JobOutcome outcome, long since)
    {
        if (_retained.TryAdd(outcome.Id, (outcome, since)))
            _retainedBytes += WireLimits.SizeOf(outcome);
    }

    private void ForgetOutcome(JobId id)
    {
        if (!_retained.Remove(id, out var retained))
            return;
        _retainedBytes -= WireLimits.SizeOf(retained.Outcome);
        Keys.ForgetJob(id);
    }

    private sealed class LedgerEntry(JobSpec job, long order)
    {
        private List<AttemptLoss>? _losses;

        public JobSpec Job => job;

        /// <summary>The position in the order of acceptance.</summary>
        public long Order => order;

        public IReadOnlyList<AttemptLoss> Losses => _losses ?? [];

        public bool MayHaveBegun { get; set; }

        public void AddLoss(AttemptLoss loss) => (_losses ??= []).Add(loss);
    }
}
