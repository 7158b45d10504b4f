using System.Collections.Immutable;
using Actors.Client.Tests.Pools;
using Actors.Logging;
using Actors.Messages.Jobs;
using Microsoft.Extensions.Logging;

namespace Actors.Client.Tests.Logging;

/// <summary>A job writes the frames with its log records itself, and does not keep to the limits of its logger.</summary>
public sealed class HostileLogTests
{
    private const int AtOnce = 2000;
    private const int EachSecond = 10;

    private static readonly JobLogRecord Empty = new(LogLevel.Information, "Category", 0, null, "", null, []);

    private readonly RecordedLogs _logs = new();
    private readonly VirtualClock _clock = new();
    private readonly JobLogWriter _writer;

    public HostileLogTests() => _writer = new JobLogWriter(_logs, job: 5, new RecordAllowance(_clock, AtOnce, EachSecond));

    [Fact]
    public void WriteBatch_LongTexts_AreCut()
    {
        var text = new string('x', 50_000);
        var values = Enumerable.Range(0, 100).Select(i => KeyValuePair.Create($"{i}{text}", (string?)text));

        Write(1, Empty with { Category = text, EventName = text, Message = text, Exception = text, Values = [.. values] });

        var written = Assert.Single(_logs.Events);
        Assert.InRange(written.Category.Length, 100, 256);
        Assert.InRange(written.EventId.Name!.Length, 100, 256);
        Assert.InRange(written.Text.Length, 1000, 8192);
        Assert.InRange(written.Exception!.Length, 1000, 8192);
        Assert.Equal(32, written.Values.Count);
        Assert.All(written.Values, value => Assert.True(value.Key.Length <= 256 && ((string)value.Value!).Length <= 1024));
    }

    /// <summary>Such a text could move the cursor of a terminal, or look like the line of another program.</summary>
    [Fact]
    public void WriteBatch_ControlCharacters_AreReplaced()
    {
        Write(1, Empty with
        {
            Category = "A\nB",
            Message = "one\r\n\ttwo\u001b[2J\0",
            Exception = "E\u0007",
            Values = [new("K\n", "v\u001b"), new("None", null)],
        });

        var written = Assert.Single(_logs.Events);
        Assert.Equal(("A\uFFFDB", "one\r\n\ttwo\uFFFD[2J\uFFFD", "E\uFFFD"), (written.Category, written.Text, written.Exception));
        Assert.Equal(("v\uFFFD", null), (written.Values["K\uFFFD"], written.Values["None"]));
    }

    /// <summary>A factory keeps the logger of each category.</summary>
    [Fact]
    public void WriteBatch_ManyCategories_FewLoggersAreCreated()
    {
        const int Count = JobLogCategories.MaxCategories + 500;
        Write(Count, [.. Enumerable.Range(0, Count).Select(i => Empty with { Category = $"Category{i}" })]);
        // Another job of the same program.
        new JobLogWriter(_logs, job: 6).WriteBatch(ToBytes(1, Empty with { Category = "Another" }));

        Assert.Equal(Count + 1, _logs.Events.Count);
        Assert.Equal(JobLogCategories.MaxCategories + 1, _logs.Events.Select(written => written.Category).Distinct().Count());
        Assert.Equal(501, _logs.Of(JobLogEvents.Category).Count);
    }

    [Fact]
    public void WriteBatch_MoreRecordsThanAJobMaySend_AreDropped()
    {
        // Each batch claims to be the first of its attempt.
        const int InBatch = 500;
        ImmutableArray<JobLogRecord> records = [.. Enumerable.Repeat(Empty, InBatch)];
        for (var batch = 0; batch < 6; batch++)
            Write(InBatch, records);

        Assert.Equal(AtOnce, _logs.Of("Category").Count);
        Assert.NotEmpty(_logs.Of(JobLogEvents.Category));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Write(InBatch, records);
        Assert.Equal(AtOnce + EachSecond, _logs.Of("Category").Count);
    }

    private void Write(long total, params ImmutableArray<JobLogRecord> records) => _writer.WriteBatch(ToBytes(total, records));

    private static ReadOnlyMemory<byte> ToBytes(long total, params ImmutableArray<JobLogRecord> records) =>
        new JobLogBatch(1, "Function", "node", total, records).ToBytes();
}
