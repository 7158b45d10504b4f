using Actors.Messages.Jobs;
using Microsoft.Extensions.Logging;

namespace Actors.Messages.Tests.Jobs;

public sealed class JobLogBatchTests
{
    private static readonly JobLogRecord Full = new(
        LogLevel.Warning, "Category", 7, "Name", "message é", "exception", [new("Key", "value"), new("Null", null)])
    {
        Scopes = [new JobLogScope("import a.csv", [new("File", "a.csv")]), new JobLogScope("inner", [])],
    };

    [Fact]
    public void TryRead_WrittenBatch_IsEqual()
    {
        var batch = new JobLogBatch(2, "Function", "node", 9, [Full, Full with { EventName = null, Exception = null, Values = [] }]);

        Assert.True(JobLogBatch.TryRead(batch.ToBytes(), out var read));

        Assert.Equal((2, "Function", "node", 9), (read.Attempt, read.FunctionName, read.NodeName, read.Total));
        Assert.Equal(2, read.Records.Length);
        Assert.Equal(Full.Values.ToArray(), read.Records[0].Values.ToArray());
        Assert.Equal(["import a.csv", "inner"], read.Records[0].Scopes.Select(scope => scope.Message));
        Assert.Equal(Full.Scopes[0].Values.ToArray(), read.Records[0].Scopes[0].Values.ToArray());
        Assert.Equal(Full with { Values = default, Scopes = default }, read.Records[0] with { Values = default, Scopes = default });
        Assert.Equal((null, null, 0), (read.Records[1].EventName, read.Records[1].Exception, read.Records[1].Values.Length));
    }

    [Fact]
    public void TryRead_TruncatedOrExtendedBatch_ReturnsFalse()
    {
        var bytes = new JobLogBatch(1, "Function", "node", 1, [Full]).ToBytes();

        for (var length = 0; length < bytes.Length; length++)
            Assert.False(JobLogBatch.TryRead(bytes[..length], out _));
        Assert.False(JobLogBatch.TryRead((byte[])[.. bytes.Span, 0], out _));
        Assert.False(JobLogBatch.TryRead((byte[])[99, .. bytes.Span[1..]], out _));
    }

    [Theory]
    [InlineData(LogLevel.None)]
    [InlineData((LogLevel)255)]
    public void TryRead_LevelThatNoRecordHas_ReturnsFalse(LogLevel level) =>
        Assert.False(JobLogBatch.TryRead(new JobLogBatch(1, "", "", 1, [Full with { Level = level }]).ToBytes(), out _));

    [Fact]
    public void FromEvent_LargeEvent_IsCutToItsLimits()
    {
        var values = Enumerable.Range(0, 100).Select(i => KeyValuePair.Create($"Key{i}", (object?)new string('v', 5000))).ToList();

        var record = JobLogRecord.FromEvent(
            LogLevel.Error, "Category", new EventId(1, "Name"), values, new FormatException(new string('x', 50_000)),
            (_, _) => new string('m', 50_000));

        Assert.Equal(JobLogRecord.LongestText, record.Message.Length);
        Assert.EndsWith("more characters were cut]", record.Message, StringComparison.Ordinal);
        Assert.Equal(JobLogRecord.LongestText, record.Exception!.Length);
        Assert.Equal(JobLogRecord.MaxValues, record.Values.Length);
        Assert.All(record.Values, value => Assert.Equal(JobLogScope.LongestText, value.Value!.Length));
        Assert.True(new JobLogBatch(1, "", "", 1, [record]).ToBytes().Length < ProgressValue.Largest);
    }

    /// <summary>The writer of the client calls itself for each scope, and the bytes come from a worker.</summary>
    [Fact]
    public void TryRead_MoreScopesThanAllowed_ReturnsFalse()
    {
        var scopes = Enumerable.Repeat(new JobLogScope("", []), JobLogScopes.MaxScopes + 1);

        Assert.False(JobLogBatch.TryRead(new JobLogBatch(1, "", "", 1, [Full with { Scopes = [.. scopes] }]).ToBytes(), out _));
    }

    [Fact]
    public void CaptureScopes_ManyLargeScopes_KeepsTheInnermostWithinTheLimits()
    {
        var (scopes, largeText) = (new JobLogScopes(), new string('v', 5000));
        for (var i = 0; i < 20; i++)
            scopes.BeginScope(Enumerable.Range(0, 10).Select(j => KeyValuePair.Create($"{i}-{j}", (object?)largeText)).ToList());
        scopes.BeginScope("last");

        var captured = scopes.CaptureScopes();

        Assert.Equal(JobLogScopes.MaxScopes, captured.Length);
        Assert.Equal(("last", "13-0"), (captured[^1].Message, captured[0].Values[0].Key));
        Assert.Equal(JobLogRecord.MaxValues, captured.Sum(scope => scope.Values.Length));
        Assert.All(captured.SelectMany(scope => scope.Values), value => Assert.Equal(JobLogScope.LongestText, value.Value!.Length));
    }

    [Fact]
    public async Task CaptureScopes_NestedAndEndedScopes_AreThoseOfTheCallingCode()
    {
        var scopes = new JobLogScopes();
        Assert.Empty(scopes.CaptureScopes());
        using (scopes.BeginScope("outer"))
        {
            var task = Task.Run(() =>
            {
                using var inner = scopes.BeginScope("task");
                return scopes.CaptureScopes();
            });

            Assert.Equal(["outer", "task"], (await task).Select(scope => scope.Message));
            Assert.Equal(["outer"], scopes.CaptureScopes().Select(scope => scope.Message));
        }

        Assert.Empty(scopes.CaptureScopes());
    }

    [Fact]
    public void FromEvent_Values_AreTextsOfTheInvariantCulture()
    {
        List<KeyValuePair<string, object?>> values = [new("Number", 1.5), new("None", null), new("Text", "text")];

        var record = JobLogRecord.FromEvent(LogLevel.Information, "Category", 3, values, null, static (_, _) => "message");

        Assert.Equal(["Number=1.5", "None=", "Text=text"], record.Values.Select(value => $"{value.Key}={value.Value}"));
        Assert.Equal((3, null), (record.EventId, record.EventName));
    }
}
