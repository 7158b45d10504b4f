using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Threading.Channels;
using Actors.Connections;
using Actors.Messages.Storage;
using Actors.Remoting.Transport;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// Accepts connections of other programs over TCP or a Unix socket, as Python's <c>multiprocessing.connection.Listener</c>. Handshakes run
/// concurrently, so a slow or silent peer delays no other. Above 64 at once, the oldest one of the IP address with most is closed.
/// Thread-safe.
/// </summary>
public sealed class ConnectionListener : IDisposable
{
    /// <summary>The highest number of concurrent handshakes, and of connected peers that wait to be accepted.</summary>
    private const int MaxWaiting = 64;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly byte[]? _key;
    private readonly TimeSpan _handshakeTimeout;
    private readonly Channel<Task<Connection>> _handshaken = Channel.CreateBounded<Task<Connection>>(MaxWaiting);
    private readonly PendingLinks<Socket> _handshakes = new(MaxWaiting);
    private readonly CancellationTokenSource _end = new();

    /// <summary>Starts to listen.</summary>
    /// <param name="address">
    /// The address; port 0 selects a free port. A <see cref="UnixDomainSocketEndPoint"/> creates a Unix socket, which only this user can
    /// connect to unless it is abstract.
    /// </param>
    /// <param name="key">The key that the peer must prove to have; null for none. The key itself is not sent.</param>
    /// <param name="handshakeTimeout">The time limit for the handshake. Default: null, 20 seconds.</param>
    /// <exception cref="SocketException">The address is in use, or does not belong to this machine.</exception>
    public ConnectionListener(EndPoint address, byte[]? key = null, TimeSpan? handshakeTimeout = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _key = key is null ? null : [.. key];
        _handshakeTimeout = TimeoutRule.RequireValid(handshakeTimeout ?? Sockets.HandshakeTimeout, nameof(handshakeTimeout));
        _socket = Sockets.CreateSocket(address);
        try
        {
            _socket.Bind(address);
            // Before Listen: no peer can connect until then.
            if (Sockets.PathOf(address) is { } path)
                PrivateFile.RestrictSocket(path);
            _socket.Listen();
            Address = _socket.LocalEndPoint!;
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }

        _ = AcceptSocketsAsync();
    }

    /// <summary>
    /// Gets the address with the selected port, as Python's <c>address</c>. It can be passed to jobs and processes, which connect with
    /// <see cref="Connection.ConnectAsync"/>. A loopback or wildcard address, or a Unix socket, is not reachable from other machines.
    /// </summary>
    public EndPoint Address { get; }

    /// <summary>
    /// Waits for the next connection, as Python's <c>accept()</c>. Throws when the handshake with that peer failed; the listener continues,
    /// so call it again, or use <see cref="AcceptAllAsync"/>.
    /// </summary>
    /// <exception cref="AuthenticationException">The peer has a different key, or uses another protocol.</exception>
    /// <exception cref="TimeoutException">The peer did not complete the handshake in time.</exception>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    public async Task<Connection> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await (await _handshaken.Reader.ReadAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(ConnectionListener));
        }
    }

    /// <inheritdoc cref="AcceptAsync"/>
    public Connection Accept(CancellationToken cancellationToken = default) => AcceptAsync(cancellationToken).GetAwaiter().GetResult();

    /// <summary>
    /// Yields connections until the listener is disposed: <c>await foreach (var connection in listener.AcceptAllAsync())</c>. Skips peers
    /// that fail to authenticate or do not complete the handshake in time.
    /// </summary>
    /// <param name="onRefused">Receives the failure of each skipped peer; must not throw. Default: null.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The connections. The caller disposes them.</returns>
    public async IAsyncEnumerable<Connection> AcceptAllAsync(
        Action<Exception>? onRefused = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _handshaken.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_handshaken.Reader.TryRead(out var met))
            {
                // Does not wait: only completed handshakes arrive here.
                if (met.IsCompletedSuccessfully)
                    yield return await met.ConfigureAwait(false);
                else
                    onRefused?.Invoke(met.Exception?.InnerException ?? new OperationCanceledException("The listener was closed."));
            }
        }
    }

    /// <summary>
    /// Stops listening, as Python's <c>close()</c>. Accepted connections stay open; the file of a Unix socket is deleted.
    /// </summary>
    public void Dispose()
    {
        if (!_handshaken.Writer.TryComplete())
            return;
        _end.Cancel();
        _socket.Dispose();
        while (_handshaken.Reader.TryRead(out var met))
            DisposeOf(met);
    }

    private async Task AcceptSocketsAsync()
    {
        try
        {
            while (true)
            {
                // While as many connections as possible wait to be accepted, further ones wait in the queue of the system.
                if (!await _handshaken.Writer.WaitToWriteAsync(_end.Token).ConfigureAwait(false))
                    return;
                var socket = await AcceptSocketAsync().ConfigureAwait(false);
                _handshakes.AddLink(socket, LinkSource.FromEndPoint(socket.RemoteEndPoint).Network)?.Dispose();
                _ = RunHandshakeAsync(socket);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The listener was disposed.
        }
    }

    private async Task<Socket> AcceptSocketAsync()
    {
        while (true)
        {
            try
            {
                return await _socket.AcceptAsync(_end.Token).ConfigureAwait(false);
            }
            catch (SocketException) when (!_end.IsCancellationRequested)
            {
                // The peer disconnected at once, or no file handle is left: both are transient.
                await Task.Delay(RetryPause, _end.Token).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Runs a handshake, and queues its result for Accept unless the connection has made room for others.</summary>
    private async Task RunHandshakeAsync(Socket socket)
    {
        var met = Connection.OpenAuthenticatedAsync(socket, null, _key, _handshakeTimeout, _end.Token);
        await Task.WhenAny(met).ConfigureAwait(false);
        if (!_handshakes.RemoveLink(socket))
        {
            DisposeOf(met);
            return;
        }

        try
        {
            await _handshaken.Writer.WriteAsync(met, _end.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            DisposeOf(met);
        }
    }

    private static void DisposeOf(Task<Connection> met)
    {
        if (met.IsCompletedSuccessfully)
            met.Result.Dispose();
        else
            _ = met.Exception;
    }
}
