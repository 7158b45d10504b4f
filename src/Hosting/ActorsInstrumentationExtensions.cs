using Actors.Telemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenTelemetry;

/// <summary>Adds the metrics and spans of Actors to OpenTelemetry.</summary>
public static class ActorsInstrumentationExtensions
{
    /// <summary>Collects the metrics of pools: jobs, durations, retries and workers.</summary>
    /// <param name="builder">The builder of the metrics.</param>
    /// <returns>The builder.</returns>
    public static MeterProviderBuilder AddActorsInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(PoolInstruments.Name);
    }

    /// <summary>
    /// Collects the spans of jobs: <c>submit F</c> in this program, and <c>run F</c> in a worker whose initializer builds a tracer provider
    /// with this call.
    /// </summary>
    /// <param name="builder">The builder of the traces.</param>
    /// <returns>The builder.</returns>
    public static TracerProviderBuilder AddActorsInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(PoolInstruments.Name);
    }
}
