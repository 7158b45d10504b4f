using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The sample of a program that exports to OpenTelemetry, with a receiver in this process.</summary>
public sealed class TelemetrySampleTests
{
    private const string Program = "reports";
    private const string Worker = "reports-worker";

    [Fact]
    public async Task Telemetry_OneBatch_ExportsSpansMetricsAndLogsOfOneTrace()
    {
        using var receiver = new OtlpReceiver();
        using var sample = ClientProgram.Start(
            "samples/Telemetry", "Telemetry.dll", receiver.Variables, "--Batches", "1", "--contentRoot",
            Path.Combine(ClientProgram.Root(), "samples/Telemetry"));
        var (output, errors) = (sample.Output.ReadToEndAsync(), sample.Error.ReadToEndAsync());
        await sample.ExitAsync();
        Assert.True(sample.ExitCode == 0, $"{await output.Soon()}{await errors.Soon()}");

        var batch = Assert.Single(await receiver.AwaitSpansAsync(span => span.Name == "batch", 1));
        var submits = await receiver.AwaitSpansAsync(span => span.Name == "submit Telemetry.Reports.Render", 4);
        var runs = await receiver.AwaitSpansAsync(span => span.Name == "run Telemetry.Reports.Render", 4);
        Assert.All(submits, span => Assert.Equal((Program, batch.Trace, batch.Id), (span.Service, span.Trace, span.Parent)));
        Assert.All(runs, span => Assert.Equal((Worker, batch.Trace), (span.Service, span.Trace)));
        Assert.Equal(submits.Select(span => span.Id).Order(), runs.Select(span => span.Parent).Order());
        var failed = Assert.Single(runs, span => span.Status == ExportedSpan.Error);
        Assert.Equal(ExportedSpan.Error, submits.Single(span => span.Id == failed.Parent).Status);
        await receiver.AwaitMetricsAsync(Program, "actors.jobs.ended", "actors.job.duration", "actors.workers");
        var rendered = await receiver.AwaitLogAsync(log => log.Text == "rendered sales: 5 pages");
        Assert.Equal((Program, batch.Trace, "sales"), (rendered.Service, rendered.Trace, rendered.Attributes["Title"]));
        var refused = await receiver.AwaitLogAsync(log => log.Text == "cannot render drafts");
        Assert.Equal(ExportedLog.Warning, refused.Severity);
        Assert.StartsWith("The template has no title.", refused.Attributes["exception.message"], StringComparison.Ordinal);
    }
}
