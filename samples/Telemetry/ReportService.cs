using System.Diagnostics;
using Actors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Telemetry;

/// <summary>Renders batches of reports. Each batch is one trace, to which its jobs and its log events belong.</summary>
internal sealed partial class ReportService(
    [FromKeyedServices("reports")] ProcessPool pool, IConfiguration configuration, IHostApplicationLifetime lifetime,
    ILogger<ReportService> logger) : BackgroundService
{
    public const string SourceName = "Reports";

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly string[] Titles = ["sales", "stock", "staff", "drafts"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batches = configuration.GetValue("Batches", int.MaxValue);
        for (var batch = 0; batch < batches; batch++)
            await RenderBatchAsync(stoppingToken);
        lifetime.StopApplication();
    }

    private async Task RenderBatchAsync(CancellationToken stoppingToken)
    {
        using var activity = Source.StartActivity("batch");
        var jobs = Titles.Select(title => (Title: title, Job: pool.ApplyAsync(Reports.Render, title, cancellationToken: stoppingToken)));
        foreach (var (title, job) in jobs.ToList())
        {
            try
            {
                LogRendered(logger, title, await job);
            }
            catch (FormatException exception)
            {
                LogFailed(logger, title, exception);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "rendered {Title}: {Pages} pages")]
    private static partial void LogRendered(ILogger logger, string title, int pages);

    [LoggerMessage(2, LogLevel.Warning, "cannot render {Title}")]
    private static partial void LogFailed(ILogger logger, string title, Exception exception);
}
