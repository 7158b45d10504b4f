using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Actors.Coordinator.Http;
using Actors.Coordinator.Telemetry;
using Actors.Remoting;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Coordinator.Tests;

/// <summary>The HTTP endpoint of a coordinator while many connections are open, with real sockets.</summary>
public sealed class HttpEndpointTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly ActorSystem _system = ActorSystem.Create("http", """
        akka.actor.provider = cluster
        akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        """);

    private readonly List<TcpClient> _held = [];
    private readonly X509Certificate2 _certificate = MakeCertificate();
    private readonly int _port = FreePort();
    private readonly CoordinatorMeter _meter = new();
    private HttpEndpoint _http = null!;

    public async Task InitializeAsync()
    {
        var settings = new HttpSettings(new HostPort("127.0.0.1", _port), AccessKey.FromBytes("token"u8.ToArray())!, _certificate);
        _http = await HttpEndpoint.StartListeningAsync(settings, _system, _meter);
    }

    public async Task DisposeAsync()
    {
        _held.ForEach(held => held.Dispose());
        await _http.DisposeAsync();
        _meter.Dispose();
        await _system.Terminate();
        _certificate.Dispose();
    }

    [Fact]
    public async Task Health_ManyIdleConnections_IsAnswered()
    {
        await HoldAsync(200, async client => await EncryptAsync(client));

        Assert.StartsWith("HTTP/1.1 200", await AskAsync("/healthz"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 503", await AskAsync("/readyz"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_ManyUnfinishedHandshakes_IsAnswered()
    {
        // The beginning of a TLS record that announces 512 bytes.
        await HoldAsync(300, async client => await client.GetStream().WriteAsync(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01 }));

        Assert.StartsWith("HTTP/1.1 200", await AskAsync("/healthz"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_ManySlowRequests_IsAnswered()
    {
        await HoldAsync(200, async client => await (await EncryptAsync(client)).WriteAsync("GET /healthz HTTP/1.1\r\nHost: "u8.ToArray()));

        Assert.StartsWith("HTTP/1.1 200", await AskAsync("/healthz"), StringComparison.Ordinal);
    }

    /// <summary>Each new connection closed the oldest one of all, which was that of a probe in its handshake.</summary>
    [Fact]
    public async Task Health_FloodFromOtherAddresses_DoesNotCloseTheConnectionOfAProbe()
    {
        using var probe = new TcpClient();
        await probe.ConnectAsync(IPAddress.Loopback, _port).WaitAsync(Soon);
        for (var connection = 0; connection < 300; connection++)
        {
            var client = new TcpClient(new IPEndPoint(IPAddress.Parse($"127.0.0.{2 + (connection % 3)}"), 0));
            _held.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, _port).WaitAsync(Soon);
        }

        Assert.StartsWith(
            "HTTP/1.1 200", await AskAsync(await EncryptAsync(probe), "/healthz", ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_ConnectionWithTheToken_OutlivesIdleOnes()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        var metrics = await EncryptAsync(client);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(metrics, "/metrics", "token"), StringComparison.Ordinal);

        await HoldAsync(150, _ => Task.CompletedTask);

        Assert.StartsWith("HTTP/1.1 401", await AskAsync(metrics, "/metrics", "tokem"), StringComparison.Ordinal);
    }

    private async Task HoldAsync(int count, Func<TcpClient, Task> begin)
    {
        for (var i = 0; i < count; i++)
        {
            var client = new TcpClient();
            _held.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, _port).WaitAsync(Soon);
            await begin(client).WaitAsync(Soon);
        }
    }

    private async Task<string> AskAsync(string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port).WaitAsync(Soon);
        return await AskAsync(await EncryptAsync(client), path, "");
    }

    private static async Task<string> AskAsync(SslStream stream, string path, string token)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"))
            .AsTask().WaitAsync(Soon);
        var answer = new byte[64 * 1024];
        var text = "";
        for (var read = 1; read > 0 && !text.EndsWith("\n\r\n0\r\n\r\n", StringComparison.Ordinal) && !HasWholeBody(text);)
        {
            read = await stream.ReadAsync(answer).AsTask().WaitAsync(Soon);
            text += Encoding.ASCII.GetString(answer, 0, read);
        }

        return text;
    }

    private static bool HasWholeBody(string text) => text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is > 0 and var end
        && (text.EndsWith("0\r\n\r\n", StringComparison.Ordinal) || (text.Contains("Content-Length: ", StringComparison.Ordinal)
            && text.Length - end - 4 == int.Parse(text.Split("Content-Length: ")[1].Split('\r')[0],
                System.Globalization.CultureInfo.InvariantCulture)));

    private async Task<SslStream> EncryptAsync(TcpClient client)
    {
        var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, found, _, _) =>
            found?.GetCertHashString() == _certificate.GetCertHashString());
        await stream.AuthenticateAsClientAsync("localhost").WaitAsync(Soon);
        return stream;
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
