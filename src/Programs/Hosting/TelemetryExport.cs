using System.Collections;
using Actors.Messages.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Actors.Programs.Hosting;

/// <summary>
/// Exports the spans, metrics and log events of a program over OTLP, as the standard variables of OpenTelemetry request. Without a request
/// nothing of OpenTelemetry is loaded.
/// </summary>
public static class TelemetryExport
{
    /// <summary>The variable with the address of the receiver. It requests the export.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string VariablePrefix = "OTEL_";

    /// <summary>Reads the variables of OpenTelemetry, which has its settings from the configuration of the host.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> ReadVariables() =>
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        let name = (string)variable.Key
        where name.StartsWith(VariablePrefix, StringComparison.Ordinal)
        select KeyValuePair.Create(name, (string?)variable.Value);

    /// <summary>Whether the export is requested.</summary>
    public static bool IsRequested(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[EndpointVariable]);

    /// <summary>Checks the address of the receiver. OpenTelemetry would use another one instead of an invalid one.</summary>
    /// <exception cref="InvalidOperationException">The address is invalid.</exception>
    public static void CheckEndpoint(IConfiguration configuration)
    {
        var endpoint = configuration[EndpointVariable];
        if (IsRequested(configuration) && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            throw new InvalidOperationException($"{EndpointVariable} must be a URL such as http://127.0.0.1:4317, not '{endpoint}'.");
    }

    /// <summary>Adds the export to the services of the host. The end of the host exports the rest.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the program, unless a variable has another one.</param>
    public static void AddTo(IServiceCollection services, string name) =>
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService(name).AddTelemetrySdk().AddEnvironmentVariableDetector())
            .WithTracing(static traces => traces.AddSource(ActorsTelemetry.Name).AddOtlpExporter())
            .WithMetrics(static metrics => metrics.AddMeter(ActorsTelemetry.Name).AddOtlpExporter())
            .WithLogging(static logs => logs.AddOtlpExporter(), static options => options.IncludeFormattedMessage = true);
}
