using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Threading.Channels;
using Actors.Connections;
using Actors.Messages.Storage;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// Waits for connections of other programs over TCP or a Unix socket, as Python's <c>multiprocessing.connection.Listener</c>. Peers shake hands side by side, so
/// that one that is slow or silent holds up nobody. Thread-safe.
/// </summary>
public sealed class ConnectionListener : IDisposable
{
    /// <summary>How many peers may shake hands at a time, and how many may have done so and wait to be accepted.</summary>
    private const int MostWaiting = 64;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly byte[]? _key;
    private readonly TimeSpan _handshakeTimeout;
    private readonly Channel<Task<Connection>> _met = Channel.CreateBounded<Task<Connection>>(MostWaiting);
    private readonly SemaphoreSlim _handshakes = new(MostWaiting);
    private readonly CancellationTokenSource _end = new();

    /// <summary>Listens.</summary>
    /// <param name="address">
    /// Where; port 0 is any free one. A <see cref="UnixDomainSocketEndPoint"/> for a Unix socket, to which only this user can connect unless it is abstract.
    /// </param>
    /// <param name="key">The key that the other side must show that it has; null for none. It is not sent.</param>
    /// <param name="handshakeTimeout">How long a peer may take to show it; 20 seconds when null.</param>
    /// <exception cref="SocketException">The address is taken, or is none of this machine.</exception>
    public ConnectionListener(EndPoint address, byte[]? key = null, TimeSpan? handshakeTimeout = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _key = key is null ? null : [.. key];
        _handshakeTimeout = TimeoutRule.Require(handshakeTimeout ?? Sockets.HandshakeTimeout, nameof(handshakeTimeout));
        _socket = Sockets.For(address);
        try
        {
            _socket.Bind(address);
            // Before it listens: until then nobody can connect.
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

        _ = MeetAllAsync();
    }

    /// <summary>
    /// Where it listens, with the port that was chosen, as Python's <c>address</c>. It travels: pass it to a job or a process, and connect
    /// there with
    /// <see cref="Connection.ConnectAsync"/>. On another machine an address of this one alone (loopback, any, a Unix socket) leads nowhere.
    /// </summary>
    public EndPoint Address { get; }

    /// <summary>
    /// Waits for the next peer, as Python's <c>accept()</c>. It throws when the handshake with that peer failed; the listener goes on, so
    /// call it again, or use
    /// <see cref="AcceptAllAsync"/>.
    /// </summary>
    /// <exception cref="AuthenticationException">The peer has another key, or does not speak the protocol.</exception>
    /// <exception cref="TimeoutException">The peer did not finish the handshake in time.</exception>
    /// <exception cref="ObjectDisposedException">The listener was disposed of.</exception>
    public async Task<Connection> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await (await _met.Reader.ReadAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(ConnectionListener));
        }
    }

    /// <inheritdoc cref="AcceptAsync"/>
    public Connection Accept(CancellationToken cancellationToken = default) => AcceptAsync(cancellationToken).GetAwaiter().GetResult();

    /// <summary>
    /// Waits for one connection after the other, until the listener is disposed, which ends the enumeration. Peers that fail to
    /// authenticate, or do not finish the
    /// handshake in time, are passed over: <c>await foreach (var connection in listener.AcceptAllAsync())</c>.
    /// </summary>
    /// <param name="onRefused">Called with the failure of each peer that was passed over; must not throw. Null, the default, ignores
    /// them.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The connections; who enumerates disposes of them.</returns>
    public async IAsyncEnumerable<Connection> AcceptAllAsync(
        Action<Exception>? onRefused = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _met.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_met.Reader.TryRead(out var met))
            {
                // It is over: only handshakes that have ended come here.
                if (met.IsCompletedSuccessfully)
                    yield return await met.ConfigureAwait(false);
                else
                    onRefused?.Invoke(met.Exception?.InnerException ?? new OperationCanceledException("The listener was closed."));
            }
        }
    }

    /// <summary>Stops listening, as Python's <c>close()</c>; connections that were accepted stay, and the file of a Unix socket goes.</summary>
    public void Dispose()
    {
        if (!_met.Writer.TryComplete())
            return;
        _end.Cancel();
        _socket.Dispose();
        while (_met.Reader.TryRead(out var met))
            DisposeOf(met);
    }

    private async Task MeetAllAsync()
    {
        try
        {
            while (true)
            {
                await _handshakes.WaitAsync(_end.Token).ConfigureAwait(false);
                _ = MeetAsync(await NextAsync().ConfigureAwait(false));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // It was disposed of.
        }
    }

    private async Task<Socket> NextAsync()
    {
        while (true)
        {
            try
            {
                return await _socket.AcceptAsync(_end.Token).ConfigureAwait(false);
            }
            catch (SocketException) when (!_end.IsCancellationRequested)
            {
                // A peer that was gone at once, or no file handle left: that passes.
                await Task.Delay(RetryPause, _end.Token).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Its handshake counts until it has its place among those who wait to be accepted.</summary>
    private async Task MeetAsync(Socket socket)
    {
        var met = Connection.OpenAsync(socket, null, _key, _handshakeTimeout, _end.Token);
        await Task.WhenAny(met).ConfigureAwait(false);
        try
        {
            await _met.Writer.WriteAsync(met, _end.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            DisposeOf(met);
        }

        _handshakes.Release();
    }

    private static void DisposeOf(Task<Connection> met)
    {
        if (met.IsCompletedSuccessfully)
            met.Result.Dispose();
        else
            _ = met.Exception;
    }
}
