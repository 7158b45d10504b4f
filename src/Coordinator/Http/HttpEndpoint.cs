using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Actors.AspNetCore;
using Actors.Coordinator.Telemetry;
using Actors.Messages.Telemetry;
using Akka.Actor;
using Akka.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Actors.Coordinator.Http;

/// <summary>
/// The HTTP endpoint for monitoring: liveness (<c>/healthz</c>), membership in the cluster (<c>/readyz</c>), and Prometheus metrics for
/// clients with the token (<c>/metrics</c>). It changes nothing.
/// </summary>
internal sealed class HttpEndpoint : IAsyncDisposable
{
    private const int MaxConnections = 128;
    private const int MaxPerNetwork = 64;

    /// <summary>Kestrel's own limit, which refuses new connections. It only covers connections that are slow to close.</summary>
    private const int MaxClosing = 8 * MaxConnections;

    /// <summary>The timeout of a TLS handshake, of request headers, and of an idle connection.</summary>
    private static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _web;
    private readonly PrometheusExport _metrics;

    private HttpEndpoint(WebApplication web, PrometheusExport metrics) => (_web, _metrics) = (web, metrics);

    /// <summary>Starts to listen.</summary>
    /// <param name="settings">The address and the token.</param>
    /// <param name="system">The actor system of the coordinator.</param>
    /// <param name="meter">The figures of the coordinator.</param>
    /// <exception cref="InvalidOperationException">The address cannot be listened on.</exception>
    public static async Task<HttpEndpoint> StartListeningAsync(HttpSettings settings, ActorSystem system, CoordinatorMeter meter)
    {
        var metrics = CoordinatorMetrics.ExportMeters(meter.Meter, ActorsTelemetry.Meter);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(server => ConfigureKestrel(server, settings));
        var web = builder.Build();
        var cluster = Akka.Cluster.Cluster.Get(system);
        web.MapGet("/healthz", () => "alive\n");
        web.MapGet("/readyz", () => cluster.SelfMember.Status == MemberStatus.Up && !system.WhenTerminated.IsCompleted
            ? Results.Text("ready\n")
            : Results.Text("not a member of the cluster\n", statusCode: StatusCodes.Status503ServiceUnavailable));
        web.MapGet("/metrics", context => WriteMetricsAsync(context, settings, metrics));
        try
        {
            await web.StartAsync().ConfigureAwait(false);
            return new HttpEndpoint(web, metrics);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            metrics.Dispose();
            throw new InvalidOperationException($"Cannot listen for HTTP on {settings.At}: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    /// <summary>Configures Kestrel for a few small requests: larger or slower ones are cut off.</summary>
    private static void ConfigureKestrel(KestrelServerOptions server, HttpSettings settings)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = 0;
        server.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        server.Limits.MaxConcurrentConnections = MaxClosing;
        server.Limits.RequestHeadersTimeout = server.Limits.KeepAliveTimeout = ClientTimeout;
        var connections = new HttpConnections(MaxConnections, MaxPerNetwork);
        foreach (var address in Dns.GetHostAddresses(settings.At.Host))
        {
            server.Listen(address, settings.At.Port, listening =>
            {
                // HTTP/2 pings would keep idle connections open.
                listening.Protocols = HttpProtocols.Http1;
                listening.Use(connections.LimitConnections);
                if (settings.Certificate is { } certificate)
                    listening.UseHttps(certificate, https => https.HandshakeTimeout = ClientTimeout);
            });
        }
    }

    private static async Task WriteMetricsAsync(HttpContext context, HttpSettings settings, PrometheusExport metrics)
    {
        if (!AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header)
            || header is not { Scheme: "Bearer", Parameter: { } token } || !settings.Token.MatchesText(token))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return;
        }

        HttpConnections.MarkTrusted(context.Features);
        context.Response.ContentType = PrometheusExport.ContentType;
        await metrics.WriteMetricsAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
