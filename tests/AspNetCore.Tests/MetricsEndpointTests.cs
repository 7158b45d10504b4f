using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using Actors.Cluster.Tests.Programs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.AspNetCore.Tests;

/// <summary>The metrics of a client, as Prometheus reads them from its application.</summary>
public sealed class MetricsEndpointTests
{
    [Fact(Timeout = Guard.Milliseconds)]
    public async Task MapActorsMetrics_JobOfAPool_IsCountedAndMeasured()
    {
        await using var app = CreateApplication();
        app.MapActorsMetrics();
        await app.StartAsync();
        using var client = CreateClient(app);
        await using var pool = await ProcessPool.StartAsync(processes: 1, options: new PoolOptions { Name = "scraped" });

        Assert.Equal(9, await pool.ApplyAsync(Square, 3));

        const string job = "actors_pool=\"scraped\",actors_function=\"[^\"]*Square\"";
        foreach (var line in new[]
        {
            $"actors_jobs_submitted_total{{{job}}} 1", $"actors_jobs_ended_total{{{job},actors_status=\"succeeded\"}} 1",
            $"actors_job_duration_seconds_count{{{job}}} 1", $"actors_job_wait_duration_seconds_count{{{job}}} 1",
            $"actors_payload_size_bytes_bucket{{{job},actors_direction=\"arguments\",le=\"64\"}} 1",
            "actors_workers{actors_pool=\"scraped\"} 1", "actors_jobs_waiting{actors_pool=\"scraped\"} 0",
            "# TYPE actors_jobs_ended_total counter", "# TYPE actors_workers gauge", "# TYPE actors_job_duration_seconds histogram",
            "# TYPE process_cpu_seconds_total counter",
        })
        {
            await AwaitLineAsync(client, line);
        }

        await app.StopAsync();
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task MapActorsMetrics_OtherPathAndHost_AppliesBoth()
    {
        await using var app = CreateApplication();
        app.MapActorsMetrics("/internal/metrics");
        app.MapActorsMetrics("/hidden").RequireHost("metrics.internal");
        await app.StartAsync();
        using var client = CreateClient(app);

        using var answer = await client.GetAsync(new Uri("/internal/metrics", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri("/hidden", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri("/metrics", UriKind.Relative))).StatusCode);
        await app.StopAsync();
    }

    /// <summary>Otherwise each job would be measured until the end of the process.</summary>
    [Fact(Timeout = Guard.Milliseconds)]
    public async Task StopAsync_OfTheApplication_EndsTheMeasurement()
    {
        using var meter = new Meter("Actors");
        var counter = meter.CreateCounter<long>("actors.test.measured");
        await using var app = CreateApplication();
        app.MapActorsMetrics();
        await app.StartAsync();
        Assert.True(counter.Enabled);

        await app.StopAsync();

        Assert.False(counter.Enabled);
    }

    private static int Square(int number) => number * number;

    private static WebApplication CreateApplication()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private static HttpClient CreateClient(WebApplication app) => new() { BaseAddress = new Uri(app.Urls.Single()) };

    /// <summary>Waits for a line. A pool reports the waiting times of jobs after their results.</summary>
    private static Task AwaitLineAsync(HttpClient client, string pattern)
    {
        var line = new Regex($"^{pattern.Replace("{", "\\{", StringComparison.Ordinal)}$", RegexOptions.Multiline);
        return Guard.UntilAsync(async () => line.IsMatch(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative))));
    }
}
