using Actors.Logging;
using Actors.Messages.Jobs;
using Microsoft.Extensions.Logging;

namespace Actors.Client.Tests.Logging;

public sealed class JobLogWriterTests
{
    private readonly RecordedLogs _logs = new();
    private readonly JobLogWriter _writer;

    public JobLogWriterTests() => _writer = new JobLogWriter(_logs, job: 5);

    [Fact]
    public void WriteBatch_Record_HasItsPartsAndTheScopeOfTheJob()
    {
        var record = new JobLogRecord(
            LogLevel.Error, "App.Pages", 12, "Failed", "page 3 failed", "System.FormatException: no\n   at Render()",
            [new("Page", "3"), new("{OriginalFormat}", "page {Page} failed")]);

        _writer.WriteBatch(new JobLogBatch(2, "App.Pages.Render", "node-1", 1, [record]).ToBytes());

        var written = Assert.Single(_logs.Events);
        Assert.Equal(
            ("App.Pages", LogLevel.Error, 12, "Failed", "page 3 failed", record.Exception),
            (written.Category, written.Level, written.EventId.Id, written.EventId.Name, written.Text, written.Exception));
        Assert.Equal(("3", "page {Page} failed"), (written.Values["Page"], written.Values["{OriginalFormat}"]));
        Assert.Equal(
            (5L, 2, "App.Pages.Render", "node-1"),
            (written.Scope["Job"], written.Scope["Attempt"], written.Scope["Function"], written.Scope["Node"]));
    }

    [Fact]
    public void WriteBatch_RecordWithScopes_IsWrittenInThem()
    {
        var record = new JobLogRecord(LogLevel.Information, "Category", 0, null, "message", null, [])
        {
            Scopes = [new JobLogScope("file", [new("File", "a.csv"), new("Line", "1")]), new JobLogScope("line", [new("Line", "2")])],
        };

        _writer.WriteBatch(new JobLogBatch(1, "Function", "node", 2, [record, record with { Scopes = [] }]).ToBytes());

        var (first, second) = (_logs.Events.First(), _logs.Events.Last());
        Assert.Equal((5L, "a.csv", "2"), (first.Scope["Job"], first.Scope["File"], first.Scope["Line"]));
        Assert.Equal(["Job", "Attempt", "Function", "Node"], second.Scope.Keys);
    }

    [Fact]
    public void WriteBatch_DroppedRecords_AreReportedOnce()
    {
        Write(attempt: 1, total: 1, "a");
        Write(attempt: 1, total: 13, "b", "c");
        Write(attempt: 1, total: 14, "d");
        Write(attempt: 1, total: 20);

        Assert.Equal(["a", "b", "c", "d"], _logs.Of("Category").Select(written => written.Text));
        var dropped = _logs.Of(JobLogEvents.Category);
        Assert.Equal([10L, 6L], dropped.Select(written => written.Values["Count"]));
        Assert.All(dropped, written => Assert.Equal((LogLevel.Warning, 5L), (written.Level, written.Scope["Job"])));
        Assert.StartsWith("10 log records of the job were dropped.", dropped[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteBatch_NextAttempt_IsCountedAnew()
    {
        Write(attempt: 1, total: 3, "a", "b", "c");
        Write(attempt: 2, total: 2, "d");
        // The pool was opened at another coordinator.
        Write(attempt: 1, total: 1, "e");
        Write(attempt: 1, total: 4, "f");

        Assert.Equal([1L, 2L], _logs.Of(JobLogEvents.Category).Select(written => written.Values["Count"]));
        Assert.Equal(["a", "b", "c", "d", "e", "f"], _logs.Of("Category").Select(written => written.Text));
    }

    [Fact]
    public void WriteBatch_MalformedBytes_WritesNothing()
    {
        _writer.WriteBatch(new byte[] { 1, 2, 3 });

        Assert.Empty(_logs.Events);
    }

    private void Write(int attempt, long total, params string[] messages) => _writer.WriteBatch(new JobLogBatch(
        attempt, "Function", "node", total,
        [.. messages.Select(message => new JobLogRecord(LogLevel.Information, "Category", 0, null, message, null, []))]).ToBytes());
}
