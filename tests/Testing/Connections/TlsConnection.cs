using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Actors.Testing;

/// <summary>A connection that begins or completes the TLS handshake and does not authenticate.</summary>
internal sealed class TlsConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly SslStream _stream;

    private TlsConnection(TcpClient client, Stream transport) =>
        (_client, _stream) = (
            client, new SslStream(transport, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null));

    /// <summary>Sends the first message of the handshake and never replies to the server.</summary>
    public static async Task<TlsConnection> BeginAsync(int port, X509Certificate2 certificate, string host = "127.0.0.1")
    {
        var client = new TcpClient();
        await client.ConnectAsync(host, port);
        var first = new FirstWrite(client.GetStream());
        var connection = new TlsConnection(client, first);
        _ = connection.AuthenticateAsync(certificate).ContinueWith(ended => ended.Exception, TaskScheduler.Default);
        await first.Written;
        return connection;
    }

    /// <summary>Completes the handshake.</summary>
    public static async Task<TlsConnection> OpenAsync(int port, X509Certificate2 certificate, string host = "127.0.0.1")
    {
        var client = new TcpClient();
        await client.ConnectAsync(host, port);
        var connection = new TlsConnection(client, client.GetStream());
        await connection.AuthenticateAsync(certificate);
        return connection;
    }

    /// <summary>Reads the certificate in a directory for <c>--tls</c>.</summary>
    public static X509Certificate2 CertificateIn(string directory) =>
        X509Certificate2.CreateFromPemFile(Path.Combine(directory, "tls.crt"), Path.Combine(directory, "tls.key"));

    /// <summary>Sends bytes. A peer that has closed the connection is no error.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // The peer closed it.
        }
    }

    /// <summary>Sends one byte at a time, with a pause after each, until the peer closes the connection.</summary>
    public async Task SendSlowlyAsync(byte[] bytes, TimeSpan pause)
    {
        try
        {
            foreach (var one in bytes)
            {
                await _stream.WriteAsync(new[] { one });
                await Task.Delay(pause);
            }
        }
        catch (IOException)
        {
            // The peer closed it.
        }
    }

    /// <summary>
    /// Completes when the peer has closed the connection. It reads below the encryption, because half a handshake has none.
    /// </summary>
    public Task WaitForCloseAsync() => PeerClose.WaitAsync(_client.GetStream());

    public void Dispose()
    {
        _client.Dispose();
        _stream.Dispose();
    }

    private Task AuthenticateAsync(X509Certificate2 certificate) => _stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
    {
        TargetHost = "coordinator",
        ClientCertificates = [certificate],
    });

    /// <summary>A stream that forwards the first write and reads nothing.</summary>
    private sealed class FirstWrite(Stream inner) : Stream
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            _written.TrySetResult();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
