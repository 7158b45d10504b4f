using System.Diagnostics.CodeAnalysis;
using Actors.AspNetCore;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the endpoints of Actors to an application.</summary>
public static class ActorsEndpointRouteBuilderExtensions
{
    /// <summary>The name of the meters of Actors, which is part of its documentation.</summary>
    private const string MeterName = "Actors";

    /// <summary>
    /// Adds an endpoint with the metrics of the pools of this program, and of the .NET runtime, in the text format of Prometheus. The
    /// endpoint is open to each client that can reach the application: restrict it with <c>RequireAuthorization</c> or <c>RequireHost</c>.
    /// </summary>
    /// <remarks>
    /// The counts begin with this call, so call it before you submit jobs. From then on each job is measured. The names and labels are
    /// those that Prometheus gives to metrics from OpenTelemetry, such as <c>actors_jobs_ended_total{actors_pool="reports"}</c>. Python's
    /// <c>multiprocessing</c> has no counterpart.
    /// </remarks>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="pattern">The path of the endpoint.</param>
    /// <returns>The endpoint, for conventions such as authorization.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IEndpointConventionBuilder MapActorsMetrics(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/metrics")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var export = new PrometheusExport(static meter => meter.Name == MeterName);
        endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(export.Dispose);
        return endpoints.MapGet(pattern, async context =>
        {
            context.Response.ContentType = PrometheusExport.ContentType;
            await export.WriteMetricsAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        });
    }
}
