using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Actors.Coordinator.Http;

/// <summary>
/// Limits the open connections from their first byte, including those in a TLS handshake. A new connection is always accepted, so that
/// health probes are answered. If there are too many, in total or from one address, the oldest is closed. Connections that have presented
/// the token are closed last. Thread-safe.
/// </summary>
/// <param name="maxConnections">The most connections.</param>
/// <param name="maxPerAddress">The most connections of one address.</param>
internal sealed class HttpConnections(int maxConnections, int maxPerAddress)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<OpenConnection> _open = new();
    private readonly Dictionary<IPAddress, LinkedList<OpenConnection>> _peers = [];

    /// <summary>The number of open connections.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <summary>The connection middleware that applies the limits. It must come before TLS.</summary>
    public ConnectionDelegate LimitConnections(ConnectionDelegate next) => async connection =>
    {
        var entry = AddConnection(connection);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            RemoveConnection(entry);
        }
    };

    /// <summary>Marks the request's connection as one that has presented the token.</summary>
    public static void MarkTrusted(IFeatureCollection features)
    {
        if (features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(typeof(HttpConnections), out var entry) is true)
            ((OpenConnection)entry!).IsTrusted = true;
    }

    private OpenConnection AddConnection(ConnectionContext connection)
    {
        var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address.MapToIPv6() ?? IPAddress.None;
        var entry = new OpenConnection(connection, peer);
        connection.Items[typeof(HttpConnections)] = entry;
        OpenConnection? closed;
        lock (_lock)
        {
            if (!_peers.TryGetValue(peer, out var ofPeer))
                _peers[peer] = ofPeer = new LinkedList<OpenConnection>();
            closed = ofPeer.Count >= maxPerAddress ? FindOldest(ofPeer) : _open.Count >= maxConnections ? FindOldest(_open) : null;
            if (closed is not null)
                RemoveEntry(closed);
            _open.AddLast(entry);
            ofPeer.AddLast(entry);
            // The closed connection may have been the last of this address.
            _peers[peer] = ofPeer;
        }

        closed?.Connection.Abort(new ConnectionAbortedException("Too many HTTP connections. The oldest was closed."));
        return entry;
    }

    private void RemoveConnection(OpenConnection entry)
    {
        lock (_lock)
            RemoveEntry(entry);
    }

    private void RemoveEntry(OpenConnection entry)
    {
        if (!_open.Remove(entry) || !_peers.TryGetValue(entry.Peer, out var ofPeer))
            return;
        ofPeer.Remove(entry);
        if (ofPeer.Count == 0)
            _peers.Remove(entry.Peer);
    }

    private static OpenConnection FindOldest(LinkedList<OpenConnection> entries) =>
        entries.FirstOrDefault(entry => !entry.IsTrusted) ?? entries.First!.Value;

    private sealed class OpenConnection(ConnectionContext connection, IPAddress peer)
    {
        public ConnectionContext Connection => connection;

        public IPAddress Peer => peer;

        public volatile bool IsTrusted;
    }
}
