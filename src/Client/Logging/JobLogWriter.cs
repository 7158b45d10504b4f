using System.Collections.Immutable;
using Actors.Messages.Jobs;
using Microsoft.Extensions.Logging;

namespace Actors.Logging;

/// <summary>
/// Writes the log records of a job to the loggers of this program, and logs how many were dropped. Not thread-safe.
/// </summary>
/// <param name="loggers">The loggers.</param>
/// <param name="job">The number of the job.</param>
/// <param name="allowance">The limit of records; null for the default.</param>
internal sealed class JobLogWriter(ILoggerFactory loggers, long job, RecordAllowance? allowance = null)
{
    private readonly RecordAllowance _allowance = allowance ?? new RecordAllowance(TimeProvider.System);
    private readonly JobLogCategories _categories = JobLogCategories.OfFactory(loggers);
    private int _attempt;
    private long _received;
    private long _missing;

    /// <summary>Writes a batch of records. A malformed one counts as lost.</summary>
    public void WriteBatch(ReadOnlyMemory<byte> bytes)
    {
        if (!JobLogBatch.TryRead(bytes, out var batch))
            return;
        // Attempts are counted from 1 again when the pool is opened at another coordinator.
        if (batch.Attempt > _attempt || batch.Total == batch.Records.Length)
            (_attempt, _received, _missing) = (batch.Attempt, 0, 0);
        var scope = CreateScope(batch);
        foreach (var record in batch.Records)
        {
            if (!_allowance.TryTake())
                break;
            _received++;
            WriteRecord(LoggedText.LimitNames(record), scope);
        }

        WriteMissing(batch.Total, scope);
    }

    private void WriteRecord(JobLogRecord record, LoggedValues scope)
    {
        var logger = _categories.GetLogger(loggers, record.Category);
        if (!logger.IsEnabled(record.Level))
            return;
        using (logger.BeginScope(scope))
            WriteInScopes(logger, record, record.Scopes.AsSpan());
    }

    /// <summary>Writes a record in the scopes of its job, of which the first is the outermost.</summary>
    private static void WriteInScopes(ILogger logger, JobLogRecord record, ReadOnlySpan<JobLogScope> scopes)
    {
        if (scopes is [var outer, ..])
        {
            using (logger.BeginScope(CreateValues(outer.Message, outer.Values)))
                WriteInScopes(logger, record, scopes[1..]);
            return;
        }

        var values = CreateValues(record.Message, record.Values);
        logger.Log(
            record.Level, new EventId(record.EventId, record.EventName), values,
            record.Exception is { } exception ? new LoggedException(exception) : null,
            static (state, _) => state.ToString());
    }

    private static LoggedValues CreateValues(string message, ImmutableArray<KeyValuePair<string, string?>> values) =>
        new(message, [.. values.Select(value => KeyValuePair.Create(value.Key, (object?)value.Value))]);

    private void WriteMissing(long total, LoggedValues scope)
    {
        var count = total - _received - _missing;
        if (count <= 0)
            return;
        _missing += count;
        var logger = loggers.CreateLogger(JobLogEvents.Category);
        using (logger.BeginScope(scope))
            JobLogEvents.RecordsDropped(logger, count, JobLogReporter.MaxEachSecond, JobLogReporter.MaxEachJob);
    }

    private LoggedValues CreateScope(JobLogBatch batch) => new(
        FormattableString.Invariant($"job {job}, attempt {batch.Attempt}: {batch.FunctionName} on {batch.NodeName}"),
        [
            KeyValuePair.Create("Job", (object?)job), KeyValuePair.Create("Attempt", (object?)batch.Attempt),
            KeyValuePair.Create("Function", (object?)batch.FunctionName), KeyValuePair.Create("Node", (object?)batch.NodeName),
        ]);
}
