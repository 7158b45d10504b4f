using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Payload;

/// <summary>Measures a stream between two sockets on loopback, which every transfer is compared with.</summary>
internal static class RawStream
{
    private const int BufferLength = 256 * 1024;

    /// <summary>Sends bytes from one socket to another, and returns the time.</summary>
    /// <param name="mebibytes">The number of MiB.</param>
    /// <param name="isEncrypted">Whether the stream is encrypted.</param>
    public static async Task<TimeSpan> MeasureAsync(int mebibytes, bool isEncrypted)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var sender = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await sender.ConnectAsync(listener.LocalEndPoint!);
        await using Stream from = new NetworkStream(sender, ownsSocket: true);
        await using Stream to = new NetworkStream(await listener.AcceptAsync(), ownsSocket: true);
        return isEncrypted ? await MeasureEncryptedAsync(from, to, mebibytes) : await CopyAsync(from, to, mebibytes);
    }

    private static async Task<TimeSpan> MeasureEncryptedAsync(Stream from, Stream to, int mebibytes)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=raw", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var client = new SslStream(from, leaveInnerStreamOpen: true, (_, peer, _, _) => certificate.Equals(peer));
        await using var server = new SslStream(to, leaveInnerStreamOpen: true);
        await Task.WhenAll(client.AuthenticateAsClientAsync("raw"), server.AuthenticateAsServerAsync(certificate));
        return await CopyAsync(client, server, mebibytes);
    }

    private static async Task<TimeSpan> CopyAsync(Stream from, Stream to, int mebibytes)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Task.Run(SendAsync), Task.Run(ReceiveAsync));
        return watch.Elapsed;

        async Task SendAsync()
        {
            var bytes = new byte[BufferLength];
            for (var left = (long)mebibytes << 20; left > 0; left -= bytes.Length)
                await from.WriteAsync(bytes);
        }

        async Task ReceiveAsync()
        {
            var bytes = new byte[BufferLength];
            for (var left = (long)mebibytes << 20; left > 0;)
                left -= await to.ReadAsync(bytes);
        }
    }
}
