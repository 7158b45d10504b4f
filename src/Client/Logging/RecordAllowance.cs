using Actors.Messages.Jobs;

namespace Actors.Logging;

/// <summary>
/// Limits the log records of one job: those of an attempt at once, and then as many in a second as a worker sends. A job that does not
/// keep to the limits of <see cref="JobLogReporter"/> would keep the loggers of its client busy. Not thread-safe.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="atOnce">The most records at once.</param>
/// <param name="eachSecond">The further records of each second.</param>
internal sealed class RecordAllowance(
    TimeProvider clock, int atOnce = JobLogReporter.MaxEachJob, int eachSecond = JobLogReporter.MaxEachSecond)
{
    private readonly long _began = clock.GetTimestamp();
    private long _taken;

    /// <summary>Counts a record. Returns false if it must be dropped.</summary>
    public bool TryTake()
    {
        var allowed = atOnce + (long)(clock.GetElapsedTime(_began).TotalSeconds * eachSecond);
        if (_taken >= allowed)
            return false;
        _taken++;
        return true;
    }
}
