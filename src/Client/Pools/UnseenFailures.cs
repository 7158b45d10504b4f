using System.Globalization;
using Actors.Logging;

namespace Actors.Pools;

/// <summary>
/// The unobserved failures of a pool, such as <c>_ = pool.ApplyAsync(F)</c>. A failure is reported when its job is collected, because no
/// code can observe it any more, or else at the end of the pool. Reports are limited to the first few. Thread-safe.
/// </summary>
/// <param name="clock">The clock of the limit.</param>
internal sealed class UnseenFailures(TimeProvider clock)
{
    /// <summary>The most failures that are reported one by one: in each minute, and at the end of the pool.</summary>
    internal const int MaxReports = 10;

    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<UnseenFailure> _first = [];
    private readonly List<Task> _maps = [];
    private long _count;
    private int _moreMaps;
    private int _batch;
    private int _reported;
    private long _periodStart;

    /// <summary>Records a failure as unobserved.</summary>
    /// <returns>The watch, which the job holds.</returns>
    public FailureWatch AddFailure(CallName call, Exception error)
    {
        lock (_lock)
        {
            var failure = new UnseenFailure(call, error, _batch);
            _count++;
            if (_first.Count < MaxReports)
                _first.Add(failure);
            return new FailureWatch(this, failure);
        }
    }

    /// <summary>Removes a failure that was observed, or is reported now.</summary>
    public void RemoveFailure(UnseenFailure failure)
    {
        lock (_lock)
        {
            if (failure.Batch != _batch)
                return;
            _count--;
            _first.Remove(failure);
        }
    }

    /// <summary>
    /// Reports a failure whose job was collected. Above the limit it is reported at the end of the pool. Called on the thread of the
    /// finalizers; does not wait for the log.
    /// </summary>
    public void ReportForgotten(UnseenFailure failure)
    {
        lock (_lock)
        {
            if (failure.Batch != _batch || !CountReport())
                return;
            RemoveFailure(failure);
        }

        _ = ClientLog.WriteAsync(CreateMessage(failure));
    }

    /// <summary>Records a failed map. Its task is retained, because it may be observed any time before the pool ends.</summary>
    public void NoteFailure(Task map)
    {
        lock (_lock)
        {
            if (_maps.Count == MaxReports)
                _maps.RemoveAll(retained => !TaskObservation.IsUnseen(retained));
            if (_maps.Count < MaxReports)
                _maps.Add(map);
            else
                _moreMaps += map.Exception is null ? 0 : 1;
        }
    }

    /// <summary>Removes and reports the remaining failures, each once.</summary>
    /// <returns>A report of each of the first failures, and one of the number of the others.</returns>
    public IReadOnlyList<ClientMessage> TakeReports()
    {
        lock (_lock)
            return [.. TakeJobs(), .. TakeMaps()];
    }

    private List<ClientMessage> TakeJobs()
    {
        var reports = _first.Select(CreateMessage).ToList();
        if (_count > reports.Count)
            reports.Add(CreateMessage(FormatOthers(_count - reports.Count, "job", reports.Count), "handle", null));
        _first.Clear();
        _count = 0;
        _batch++;
        return reports;
    }

    private List<ClientMessage> TakeMaps()
    {
        // Reading an exception also prevents a later report as unobserved.
        var reports = _maps.Where(TaskObservation.IsUnseen).Select(map => map.Exception!.InnerExceptions[0]).Where(IsFailure)
            .Select(static error => CreateMessage("A map", "task", error)).ToList();
        if (_moreMaps > 0)
            reports.Add(CreateMessage(FormatOthers(_moreMaps, "map", reports.Count), "task", null));
        _maps.Clear();
        _moreMaps = 0;
        return reports;
    }

    /// <summary>Counts a report, unless there were too many in this minute.</summary>
    private bool CountReport()
    {
        if (_reported == 0 || clock.GetElapsedTime(_periodStart) >= ReportPeriod)
            (_periodStart, _reported) = (clock.GetTimestamp(), 0);
        return _reported < MaxReports && ++_reported > 0;
    }

    /// <summary>Whether the map failed by itself: not with its pool, and not by cancellation.</summary>
    private static bool IsFailure(Exception error) =>
        error is not (PoolTerminatedException or PoolFailedException or CoordinatorLostException or OperationCanceledException);

    private static ClientMessage CreateMessage(UnseenFailure failure) => CreateMessage($"{failure.Call}", "handle", failure.Error);

    private static ClientMessage CreateMessage(string failed, string awaitable, Exception? error) => new(
        ClientEvent.FailureUnobserved,
        $"ProcessPool: {failed} failed and the failure was never observed. Await the {awaitable}, or set ErrorCallback.", error);

    private static string FormatOthers(long count, string kind, int reported) => string.Create(
        CultureInfo.InvariantCulture, $"{count:N0} {(reported > 0 ? "more " : "")}{kind}{(count == 1 ? "" : "s")}");
}
