using System.Net;
using System.Net.Sockets;

namespace Actors.Remoting.Tests.Data;

/// <summary>Passes connections on, and cuts each of the first ones after a number of bytes.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Queue<long> _cuts = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;

    public CuttingProxy() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The number of connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Cuts a later connection after this many bytes of either direction.</summary>
    public void AddCut(long bytes) => _cuts.Enqueue(bytes);

    public void Start(int port) => _accepting = AcceptAsync(port);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(int port)
    {
        try
        {
            while (true)
            {
                var from = await _listener.AcceptSocketAsync(_stop.Token);
                Connections++;
                _ = PassAsync(from, port, _cuts.TryDequeue(out var cut) ? cut : long.MaxValue);
            }
        }
        catch (Exception exception) when (_stop.IsCancellationRequested
            && exception is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test has ended.
        }
    }

    private async Task PassAsync(Socket from, int port, long cut)
    {
        using var to = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (from)
        {
            await to.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
            var (forth, back) = (CopyAsync(from, to, cut), CopyAsync(to, from, cut));
            // The end of one direction must not lose the last bytes of the other.
            if (!await await Task.WhenAny(forth, back))
                await Task.WhenAll(forth, back);
        }
    }

    /// <returns>Whether the connection is to be cut.</returns>
    private async Task<bool> CopyAsync(Socket from, Socket to, long left)
    {
        var bytes = new byte[64 * 1024];
        try
        {
            while (left > 0 && await from.ReceiveAsync(bytes.AsMemory(0, (int)Math.Min(left, bytes.Length)),
                _stop.Token) is > 0 and var read)
            {
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(bytes.AsMemory(sent, read - sent), _stop.Token);
                left -= read;
            }

            if (left > 0)
                to.Shutdown(SocketShutdown.Send);
            return left == 0;
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side has closed the connection, or the test has ended.
            return _stop.IsCancellationRequested;
        }
    }
}
