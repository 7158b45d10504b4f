using System.Collections.Immutable;
using Actors.Messages.Delivery;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// Handles each message about ended jobs once and in order, and compares states with the pool while jobs are outstanding and no message
/// arrives. The timer runs only then.
/// </summary>
internal sealed partial class PoolSessionActor
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private readonly MessageSequence<PoolProtocol.JobsEnded> _ended = new();
    private PoolProtocol.PoolFinished? _finished;
    private TimeSpan _pause = ShortestPause;
    private long _progressSeen;

    private void ReceiveComparisons()
    {
        Receive<WatchJobs>(_ => CompareAfter(ShortestPause));
        Receive<CompareTick>(_ => CompareIfQuiet());
        Receive<PoolProtocol.ComparePoolReply>(_session.OnCompared);
    }

    private void CompareAfter(TimeSpan pause)
    {
        _pause = pause;
        Timers.StartSingleTimer(nameof(CompareTick), CompareTick.Instance, pause);
    }

    private void CompareIfQuiet()
    {
        _session.AcknowledgeEnded();
        _session.SendDueAcks();
        if (!_session.IsWatching())
            return;
        var isQuiet = _session.Progress == _progressSeen;
        _progressSeen = _session.Progress;
        if ((isQuiet || _ended.HasGap || _session.HasRequests) && _session.HasOutstanding)
            _session.SendComparison();
        CompareAfter(isQuiet && 2 * _pause <= LongestPause ? 2 * _pause : isQuiet ? _pause : ShortestPause);
    }

    private void ReceiveEnded(PoolProtocol.JobsEnded ended)
    {
        if (ended.Number == 0)
        {
            _session.OnJobsEnded(DownloadStored(ended.Outcomes));
            return;
        }

        if (!_ended.TryAccept(ended.Number, ended))
            return;
        EndJobs(ended);
        while (_ended.TryAcceptEarly(out var early))
            EndJobs(early);
        FinishIfComplete();
    }

    private void EndJobs(PoolProtocol.JobsEnded ended) => _session.OnJobsEnded(DownloadStored(ended.Outcomes), ended);

    private void FinishWhenComplete(PoolProtocol.PoolFinished finished)
    {
        _finished = finished;
        if (!FinishIfComplete())
            _session.SendComparison();
    }

    private bool FinishIfComplete()
    {
        if (_finished is not { } finished || finished.LastEnded > _ended.Last || _session.AwaitsAttachedJobs)
            return false;
        FinishSession();
        return true;
    }

    /// <summary>Jobs ended in this process, unknown to the pool.</summary>
    public sealed record EndedLocally(ImmutableArray<JobOutcome> Outcomes);

    /// <summary>Jobs are outstanding: start the timer.</summary>
    public sealed record WatchJobs
    {
        public static readonly WatchJobs Instance = new();
    }

    private sealed record CompareTick
    {
        public static readonly CompareTick Instance = new();
    }
}
