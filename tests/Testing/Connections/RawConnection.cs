using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Actors.Testing;

/// <summary>A TCP connection to a program's port that speaks no protocol of this library.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client;

    private RawConnection(TcpClient client) => _client = client;

    /// <param name="port">The port of the program.</param>
    /// <param name="host">The host of the program.</param>
    /// <param name="source">The address of this end; null for any.</param>
    public static async Task<RawConnection> OpenAsync(int port, string host = "127.0.0.1", IPAddress? source = null)
    {
        var connection = new RawConnection(source is null ? new TcpClient() : new TcpClient(new IPEndPoint(source, 0)));
        await connection._client.ConnectAsync(host, port);
        return connection;
    }

    /// <summary>Sends bytes. A peer that has closed the connection is no error.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        try
        {
            await _client.GetStream().WriteAsync(bytes, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The peer refused it.
        }
    }

    /// <summary>Sends bytes until the limit: a peer may stop reading.</summary>
    public async Task TrySendAsync(ReadOnlyMemory<byte> bytes, CancellationToken limit)
    {
        try
        {
            await SendAsync(bytes, limit);
        }
        catch (OperationCanceledException)
        {
            // The peer reads no further.
        }
    }

    /// <summary>Sends bytes with their length before them, as the transport does.</summary>
    public Task SendFrameAsync(byte[] frame)
    {
        var bytes = new byte[sizeof(int) + frame.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, frame.Length);
        frame.CopyTo(bytes, sizeof(int));
        return SendAsync(bytes);
    }

    /// <summary>Reads bytes with their length before them.</summary>
    public async Task<byte[]> ReadFrameAsync()
    {
        using var timeout = new CancellationTokenSource(PeerClose.Limit);
        var length = new byte[sizeof(int)];
        await _client.GetStream().ReadExactlyAsync(length, timeout.Token);
        var frame = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        await _client.GetStream().ReadExactlyAsync(frame, timeout.Token);
        return frame;
    }

    /// <summary>Sends one byte at a time, with a pause after each, until the peer closes the connection.</summary>
    public async Task SendSlowlyAsync(ReadOnlyMemory<byte> bytes, TimeSpan pause)
    {
        using var closed = new CancellationTokenSource();
        var sending = TrickleAsync(bytes, pause, closed.Token);
        await WaitForCloseAsync();
        await closed.CancelAsync();
        await sending;
    }

    /// <inheritdoc cref="PeerClose.WaitAsync"/>
    public Task WaitForCloseAsync() => PeerClose.WaitAsync(_client.GetStream());

    public void Dispose() => _client.Dispose();

    private async Task TrickleAsync(ReadOnlyMemory<byte> bytes, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                await SendAsync(bytes.Slice(i, 1), cancellationToken);
                await Task.Delay(pause, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection is closed.
        }
    }
}
