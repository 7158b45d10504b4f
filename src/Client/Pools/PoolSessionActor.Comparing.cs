using System.Collections.Immutable;
using Actors.Messages.Delivery;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// Takes each message about ended jobs once and in its order, and compares with the pool while jobs are outstanding and nothing comes. The
/// timer runs only then.
/// </summary>
internal sealed partial class PoolSessionActor
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private readonly MessageSequence<PoolProtocol.Ended> _ended = new();
    private PoolProtocol.Finished? _finishedWord;
    private TimeSpan _pause = ShortestPause;
    private long _progressSeen;

    private void ReceiveComparisons()
    {
        Receive<WatchJobs>(_ => CompareAfter(ShortestPause));
        Receive<CompareNow>(_ => CompareIfQuiet());
        Receive<PoolProtocol.Compared>(_session.Compared);
    }

    private void CompareAfter(TimeSpan pause)
    {
        _pause = pause;
        Timers.StartSingleTimer(nameof(CompareNow), CompareNow.Instance, pause);
    }

    private void CompareIfQuiet()
    {
        _session.Acknowledge();
        if (!_session.IsWatching())
            return;
        var isQuiet = _session.Progress == _progressSeen;
        _progressSeen = _session.Progress;
        if (isQuiet || _ended.HasGap || _session.HasRequests)
            _session.Compare();
        CompareAfter(isQuiet && 2 * _pause <= LongestPause ? 2 * _pause : isQuiet ? _pause : ShortestPause);
    }

    private void Take(PoolProtocol.Ended ended)
    {
        if (ended.Number == 0)
        {
            _session.Ended(FetchStored(ended.Outcomes));
            return;
        }

        if (!_ended.TryTake(ended.Number, ended))
            return;
        End(ended);
        while (_ended.TryTakeEarly(out var early))
            End(early);
        FinishIfComplete();
    }

    private void End(PoolProtocol.Ended ended) => _session.Ended(FetchStored(ended.Outcomes), ended);

    private void FinishWhenComplete(PoolProtocol.Finished finished)
    {
        _finishedWord = finished;
        if (!FinishIfComplete())
            _session.Compare();
    }

    private bool FinishIfComplete()
    {
        if (_finishedWord is not { } finished || finished.LastEnded > _ended.Last)
            return false;
        Finish();
        return true;
    }

    /// <summary>Jobs have ended that the pool does not know.</summary>
    public sealed record EndedHere(ImmutableArray<JobOutcome> Outcomes);

    /// <summary>Something is outstanding.</summary>
    public sealed record WatchJobs
    {
        public static readonly WatchJobs Instance = new();
    }

    private sealed record CompareNow
    {
        public static readonly CompareNow Instance = new();
    }
}
