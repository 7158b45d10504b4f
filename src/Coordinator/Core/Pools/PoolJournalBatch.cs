using System.Collections.Immutable;
using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>Collects the content of the next record of a durable pool.</summary>
public sealed class PoolJournalBatch : JournalBatch
{
    /// <summary>The bytes of a session or a build without texts, approximately.</summary>
    private const int EntrySize = 128;

    private readonly ImmutableArray<JobSpec>.Builder _accepted = ImmutableArray.CreateBuilder<JobSpec>();
    private readonly ImmutableArray<JobId>.Builder _begun = ImmutableArray.CreateBuilder<JobId>();
    private readonly ImmutableArray<JobLoss>.Builder _lost = ImmutableArray.CreateBuilder<JobLoss>();
    private readonly ImmutableArray<JobOutcome>.Builder _ended = ImmutableArray.CreateBuilder<JobOutcome>();
    private readonly ImmutableArray<JobId>.Builder _forgotten = ImmutableArray.CreateBuilder<JobId>();
    private readonly ImmutableArray<StoredSession>.Builder _sessions = ImmutableArray.CreateBuilder<StoredSession>();
    private readonly ImmutableArray<long>.Builder _endedSessions = ImmutableArray.CreateBuilder<long>();
    private readonly ImmutableArray<JobId>.Builder _retried = ImmutableArray.CreateBuilder<JobId>();
    private readonly ImmutableArray<StoredBuild>.Builder _builds = ImmutableArray.CreateBuilder<StoredBuild>();
    private readonly ImmutableArray<JobId>.Builder _canceled = ImmutableArray.CreateBuilder<JobId>();
    private PoolSpec? _opened;
    private bool _isClosed;

    /// <summary>The number of outcomes in the batch.</summary>
    public int Completions => _ended.Count;

    /// <inheritdoc/>
    protected override bool HasContent =>
        _isClosed || _opened is not null
        || _accepted.Count + _begun.Count + _lost.Count + _ended.Count + _forgotten.Count + _sessions.Count + _endedSessions.Count
            + _retried.Count + _builds.Count + _canceled.Count > 0;

    /// <summary>Whether the batch has the options of a build.</summary>
    public bool HasOpened => _opened is not null;

    public void AddOpened(PoolSpec spec)
    {
        _opened = spec;
        Size += WireLimits.SizeOf(spec);
    }

    public void AddClosed() => _isClosed = true;

    public void AddSession(StoredSession session)
    {
        _sessions.Add(session);
        Size += EntrySize;
    }

    public void AddBuild(StoredBuild build)
    {
        _builds.Add(build);
        Size += EntrySize + WireLimits.SizeOf(build.Functions);
    }

    public void AddEndedSession(long range)
    {
        _endedSessions.Add(range);
        Size += sizeof(long);
    }

    public void AddAccepted(ImmutableArray<JobSpec> jobs)
    {
        _accepted.AddRange(jobs);
        foreach (var job in jobs)
            Size += WireLimits.SizeOf(job);
    }

    public void AddBegun(ImmutableArray<JobId> jobs) => AddIds(_begun, jobs);

    public void AddLoss(JobId job, AttemptLoss attempt)
    {
        _lost.Add(new JobLoss(job, attempt));
        Size += sizeof(long) + WireLimits.SizeOf(attempt);
    }

    public void AddEnded(ImmutableArray<JobOutcome> outcomes)
    {
        _ended.AddRange(outcomes);
        foreach (var outcome in outcomes)
            Size += WireLimits.SizeOf(outcome);
    }

    public void AddForgotten(ImmutableArray<JobId> jobs) => AddIds(_forgotten, jobs);

    public void AddRetried(ImmutableArray<JobId> jobs) => AddIds(_retried, jobs);

    public void AddCanceled(ImmutableArray<JobId> jobs) => AddIds(_canceled, jobs);

    private void AddIds(ImmutableArray<JobId>.Builder ids, ImmutableArray<JobId> jobs)
    {
        ids.AddRange(jobs);
        Size += sizeof(long) * jobs.Length;
    }

    /// <inheritdoc/>
    public override IWireMessage ToRecord(long at) => new PoolRecord(
        at, _opened, _accepted.DrainToImmutable(), _begun.DrainToImmutable(), _lost.DrainToImmutable(), _ended.DrainToImmutable(),
        _forgotten.DrainToImmutable(), _isClosed, _sessions.DrainToImmutable(), _endedSessions.DrainToImmutable(),
        _retried.DrainToImmutable(), _builds.DrainToImmutable(), _canceled.DrainToImmutable());
}
