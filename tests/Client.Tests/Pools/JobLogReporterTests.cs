using Actors.Messages.Jobs;
using Microsoft.Extensions.Logging;

namespace Actors.Client.Tests.Pools;

/// <summary>When the log records of a job are sent, and which are dropped, by a virtual clock.</summary>
public sealed class JobLogReporterTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly VirtualClock _clock = new();
    private readonly List<(TimeSpan At, int Number, JobLogBatch Batch)> _sent = [];

    [Fact]
    public void AddRecord_ManyRecords_AreSentInBatchesTenTimesASecond()
    {
        using var reporter = Start();
        for (var i = 0; i < 500; i++)
        {
            Log(reporter, $"{i}");
            if (i % 5 == 0)
                _clock.Advance(Step);
        }

        reporter.Dispose();

        Assert.InRange(_sent.Count, 10, 12);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), Messages);
        Assert.Equal(Enumerable.Range(2, _sent.Count).Select(number => -number), _sent.Select(sent => sent.Number));
        Assert.Equal((3, "Function", "node", 500), (Last.Attempt, Last.FunctionName, Last.NodeName, Last.Total));
    }

    [Fact]
    public void AddRecord_AboveTheRate_IsDroppedAndCounted()
    {
        using var reporter = Start();
        for (var i = 0; i < 3000; i++)
            Log(reporter, "x");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Log(reporter, "later");

        reporter.Dispose();

        Assert.Equal(JobLogReporter.MaxEachSecond + 1, Messages.Count);
        Assert.Equal(3001, Last.Total);
    }

    [Fact]
    public void AddRecord_AboveTheLimitOfAJob_IsDroppedAndCounted()
    {
        using var reporter = Start();
        var count = JobLogReporter.MaxEachJob + 10;
        for (var i = 0; i < count; i++)
        {
            Log(reporter, "x");
            if (i % JobLogReporter.MaxEachSecond == JobLogReporter.MaxEachSecond - 1)
                _clock.Advance(TimeSpan.FromSeconds(1));
        }

        reporter.Dispose();

        Assert.Equal(JobLogReporter.MaxEachJob, Messages.Count);
        Assert.Equal(count, Last.Total);
    }

    [Fact]
    public void AddRecord_LargeRecordsAtOnce_FitIntoOneValue()
    {
        using var reporter = Start();
        for (var i = 0; i < 200; i++)
            Log(reporter, new string('é', 50_000));

        reporter.Dispose();

        Assert.Equal(200, Last.Total);
        Assert.InRange(Messages.Count, 10, JobLogReporter.MaxUnsent / JobLogRecord.LongestText);
        Assert.All(_sent, sent => Assert.True(sent.Batch.ToBytes().Length <= ProgressValue.Largest));
    }

    [Fact]
    public void AddRecord_AfterTheEnd_IsIgnored()
    {
        var reporter = Start();
        Log(reporter, "first");
        reporter.Dispose();

        Log(reporter, "late");
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["first"], Messages);
    }

    [Fact]
    public void AddRecord_FormatterThrows_ThrowsAndLosesOnlyThisRecord()
    {
        var reporter = Start();

        Assert.Throws<FormatException>(() => reporter.AddRecord(
            LogLevel.Information, "Category", 1, "state", null, static (_, _) => throw new FormatException()));
        Log(reporter, "next");
        reporter.Dispose();

        Assert.Equal(["next"], Messages);
        Assert.Equal(1, Last.Total);
    }

    private IReadOnlyList<string> Messages => [.. _sent.SelectMany(sent => sent.Batch.Records).Select(record => record.Message)];

    private JobLogBatch Last => _sent[^1].Batch;

    private JobLogReporter Start() => new(
        new JobLogBatch(3, "Function", "node", 0, []), _clock,
        value =>
        {
            Assert.True(value.IsLogBatch);
            Assert.True(JobLogBatch.TryRead(value.Value, out var batch));
            _sent.Add((_clock.GetElapsedTime(0), value.Number, batch));
        },
        sendsInline: false);

    private static void Log(JobLogReporter reporter, string message) =>
        reporter.AddRecord(LogLevel.Information, "Category", 1, message, null, static (text, _) => text);
}
