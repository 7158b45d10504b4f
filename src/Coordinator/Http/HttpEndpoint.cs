using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Actors.Coordinator.Http;

/// <summary>
/// What those who look after a coordinator ask by HTTP: whether it lives (<c>/healthz</c>), whether it is in its cluster (<c>/readyz</c>), and, for whoever has the
/// token, its metrics as Prometheus reads them (<c>/metrics</c>). Nothing can be changed by it.
/// </summary>
internal sealed class HttpEndpoint : IAsyncDisposable
{
    private const int MaxConnections = 128;
    private const int MaxPerAddress = 64;

    /// <summary>Kestrel's own limit, which refuses new connections: only for those that take their time to close.</summary>
    private const int MaxClosing = 8 * MaxConnections;

    /// <summary>How long a TLS handshake, the headers of a request, and the pause before them may take.</summary>
    private static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _web;

    private HttpEndpoint(WebApplication web) => _web = web;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="InvalidOperationException">It cannot listen there.</exception>
    public static async Task<HttpEndpoint> StartListeningAsync(HttpSettings settings, ActorSystem system)
    {
        var metrics = new CoordinatorMetrics();
        system.ActorOf(Props.Create(() => new MetricsActor(metrics)), "metrics");
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
            return new HttpEndpoint(web);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new InvalidOperationException($"Cannot listen for HTTP on {settings.At}: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _web.DisposeAsync().ConfigureAwait(false);

    /// <summary>Small questions from few: whoever sends more, or takes long, is cut off.</summary>
    private static void ConfigureKestrel(KestrelServerOptions server, HttpSettings settings)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = 0;
        server.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        server.Limits.MaxConcurrentConnections = MaxClosing;
        server.Limits.RequestHeadersTimeout = server.Limits.KeepAliveTimeout = ClientTimeout;
        var connections = new HttpConnections(MaxConnections, MaxPerAddress);
        foreach (var address in Dns.GetHostAddresses(settings.At.Host))
        {
            server.Listen(address, settings.At.Port, listening =>
            {
                // A connection of HTTP/2 is kept open by its pings.
                listening.Protocols = HttpProtocols.Http1;
                listening.Use(connections.LimitConnections);
                if (settings.Certificate is { } certificate)
                    listening.UseHttps(certificate, https => https.HandshakeTimeout = ClientTimeout);
            });
        }
    }

    private static async Task WriteMetricsAsync(HttpContext context, HttpSettings settings, CoordinatorMetrics metrics)
    {
        if (!AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var given)
            || given is not { Scheme: "Bearer", Parameter: { } token } || !settings.Token.MatchesText(token))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return;
        }

        HttpConnections.MarkTrusted(context.Features);
        context.Response.ContentType = CoordinatorMetrics.ContentType;
        await metrics.WriteMetricsAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
