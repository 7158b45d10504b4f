using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Actors.Connections;

namespace Actors;

/// <summary>Waits for connections of other programs over TCP or a Unix socket, as Python's <c>multiprocessing.connection.Listener</c>. Thread-safe.</summary>
public sealed class ConnectionListener : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[]? _key;
    private readonly TimeSpan _handshakeTimeout;

    /// <summary>Listens.</summary>
    /// <param name="address">Where; port 0 is any free one. A <see cref="UnixDomainSocketEndPoint"/> for a Unix socket.</param>
    /// <param name="key">The key that the other side must show that it has; null for none. It is not sent.</param>
    /// <param name="handshakeTimeout">How long a peer may take to show it; 20 seconds when null.</param>
    /// <exception cref="SocketException">The address is taken, or is none of this machine.</exception>
    public ConnectionListener(EndPoint address, byte[]? key = null, TimeSpan? handshakeTimeout = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _key = key is null ? null : [.. key];
        _handshakeTimeout = handshakeTimeout ?? Sockets.HandshakeTimeout;
        _socket = Sockets.For(address);
        try
        {
            _socket.Bind(address);
            _socket.Listen();
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Where it listens, with the port that was chosen, as Python's <c>address</c>.</summary>
    public EndPoint Address => _socket.LocalEndPoint!;

    /// <summary>Waits for the next connection, as Python's <c>accept()</c>. After a failed handshake call it again: the listener goes on.</summary>
    /// <exception cref="AuthenticationException">The peer has another key.</exception>
    /// <exception cref="TimeoutException">The peer did not finish the handshake in time.</exception>
    public async Task<Connection> AcceptAsync(CancellationToken cancellationToken = default)
    {
        var socket = await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
        return await Connection.OpenAsync(socket, null, _key, _handshakeTimeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops listening, as Python's <c>close()</c>; connections stay.</summary>
    public void Dispose() => _socket.Dispose();
}
