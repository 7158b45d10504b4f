// A program whose spans, metrics and log events go to OpenTelemetry, together with the spans of its workers.
//   docker compose -f samples/Telemetry/compose.yml up -d      # Grafana: http://127.0.0.1:3000, with the dashboard "Actors"
//   OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317 dotnet run --project samples/Telemetry
//
// It renders batches of reports until Ctrl-C; with --Batches N it ends after N of them.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Telemetry;

var builder = Host.CreateApplicationBuilder(args);
builder.AddActorsPool("reports", options =>
{
    options.Processes = 2;
    options.Pool = options.Pool with { Initializer = Actors.PoolInitializer.Of(WorkerExport.StartExport) };
});
builder.Services.AddOpenTelemetry()
    .ConfigureResource(resource => resource.AddService("reports"))
    .WithTracing(traces => traces.AddActorsInstrumentation().AddSource(ReportService.SourceName).AddOtlpExporter())
    .WithMetrics(metrics => metrics.AddActorsInstrumentation().AddOtlpExporter())
    .WithLogging(logs => logs.AddOtlpExporter(), options => options.IncludeFormattedMessage = true);
builder.Services.AddHostedService<ReportService>();
await builder.Build().RunAsync();
