using Actors.Messages.Jobs;
using Microsoft.Extensions.Logging;

namespace Actors.Pools;

/// <summary>Receives the progress and the log records of the job.</summary>
internal abstract partial class PendingJob
{
    /// <summary>Passes the progress of the job to its caller; null when the call has no <see cref="IProgress{T}"/>.</summary>
    public JobReports? Reports
    {
        get => _extras?.Reports;
        set => SetExtra(value, static (extras, value) => extras.Reports = value);
    }

    /// <summary>Passes a report of a job to its handles. Log records are written once.</summary>
    /// <param name="first">The first handle; null for none.</param>
    /// <param name="items">The number of ended items, for a chunk of a map.</param>
    /// <param name="value">A value or log records that the job has reported; null for a chunk.</param>
    /// <param name="loggers">The loggers of this program; null if log records are not written.</param>
    public static void PassReport(PendingJob? first, int items, ProgressValue? value, ILoggerFactory? loggers)
    {
        if (value is { IsLogBatch: true })
        {
            if (loggers is not null)
                first?.ReceiveLogs(value.Value, loggers);
            return;
        }

        for (var handle = first; handle is not null; handle = handle.Next)
            handle.ReceiveProgress(items, value);
    }

    /// <summary>Receives the progress of the job.</summary>
    /// <param name="items">The number of ended items, for a chunk of a map.</param>
    /// <param name="value">A value that the job has reported; null for a chunk.</param>
    private void ReceiveProgress(int items, ProgressValue? value)
    {
        if (value is null)
            ReportProgress(items);
        else
            Reports?.AddValue(value);
    }

    private void ReceiveLogs(ReadOnlyMemory<byte> batch, ILoggerFactory loggers)
    {
        // Most jobs log nothing.
        Reports ??= new JobReports([], (Control?.Owner as ProcessPool)?.Callbacks);
        Reports.AddLogs(batch, loggers, Id);
    }

    /// <summary>Receives the number of ended items, for a chunk of a map.</summary>
    public virtual void ReportProgress(int items)
    {
    }
}
