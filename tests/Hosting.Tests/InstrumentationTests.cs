using System.Diagnostics;
using Actors.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Actors.Hosting.Tests;

public sealed class InstrumentationTests
{
    [Fact]
    public async Task AddActorsInstrumentation_JobOfAHostedPool_IsExported()
    {
        var (spans, metrics) = (new List<Activity>(), new List<Metric>());
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddActorsPool("exported", o => o.Processes = 1);
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddActorsInstrumentation().AddInMemoryExporter(spans))
            .WithMetrics(metering => metering.AddActorsInstrumentation().AddInMemoryExporter(metrics));
        using var host = builder.Build();
        await host.StartAsync();

        Assert.Equal(2, await host.Services.GetRequiredService<ProcessPool>().ApplyAsync(() => 2));
        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        await host.StopAsync();

        var span = Assert.Single(spans, span => span.GetTagItem("actors.pool") as string == "exported");
        Assert.StartsWith("submit ", span.DisplayName, StringComparison.Ordinal);
        Assert.Subset(
            metrics.Select(metric => metric.Name).ToHashSet(),
            new HashSet<string>
            {
                "actors.jobs.submitted", "actors.jobs.ended", "actors.job.duration", "actors.payload.size", "actors.workers",
            });
    }

    /// <summary>Code under test reports the same in a test pool.</summary>
    [Fact]
    public async Task AddActorsInstrumentation_JobOfATestPool_IsExported()
    {
        var spans = new List<Activity>();
        using var tracing = Sdk.CreateTracerProviderBuilder().AddActorsInstrumentation().AddInMemoryExporter(spans).Build();
        await using var pool = TestPool.Inline(options: new PoolOptions { Name = "inline" });

        await pool.ApplyAsync(() => 1);

        Assert.Single(spans, span => span.GetTagItem("actors.pool") as string == "inline");
    }
}
