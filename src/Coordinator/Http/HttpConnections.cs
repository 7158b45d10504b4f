using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Actors.Coordinator.Http;

/// <summary>
/// Limits the open connections, from their first byte: those in a TLS handshake count too. A new connection is always accepted, so that a health probe is
/// answered; where there are too many, in all or of one address, the oldest is closed. Connections that have shown the token are closed last.
/// Thread-safe.
/// </summary>
/// <param name="most">The most connections.</param>
/// <param name="mostOfPeer">The most connections of one address.</param>
internal sealed class HttpConnections(int most, int mostOfPeer)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _open = new();
    private readonly Dictionary<IPAddress, LinkedList<Entry>> _peers = [];

    /// <summary>How many are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <summary>The part of a listener's pipeline that counts; it goes before TLS.</summary>
    public ConnectionDelegate Limit(ConnectionDelegate next) => async connection =>
    {
        var entry = Add(connection);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Remove(entry);
        }
    };

    /// <summary>The request's connection has shown the token.</summary>
    public static void Trust(IFeatureCollection features)
    {
        if (features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(typeof(HttpConnections), out var entry) is true)
            ((Entry)entry!).IsTrusted = true;
    }

    private Entry Add(ConnectionContext connection)
    {
        var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address.MapToIPv6() ?? IPAddress.None;
        var entry = new Entry(connection, peer);
        connection.Items[typeof(HttpConnections)] = entry;
        Entry? closed;
        lock (_lock)
        {
            if (!_peers.TryGetValue(peer, out var ofPeer))
                _peers[peer] = ofPeer = new LinkedList<Entry>();
            closed = ofPeer.Count >= mostOfPeer ? Oldest(ofPeer) : _open.Count >= most ? Oldest(_open) : null;
            if (closed is not null)
                Forget(closed);
            _open.AddLast(entry);
            ofPeer.AddLast(entry);
            // The closed one may have been the last of this address.
            _peers[peer] = ofPeer;
        }

        closed?.Connection.Abort(new ConnectionAbortedException("Too many HTTP connections: the oldest was closed."));
        return entry;
    }

    private void Remove(Entry entry)
    {
        lock (_lock)
            Forget(entry);
    }

    private void Forget(Entry entry)
    {
        if (!_open.Remove(entry) || !_peers.TryGetValue(entry.Peer, out var ofPeer))
            return;
        ofPeer.Remove(entry);
        if (ofPeer.Count == 0)
            _peers.Remove(entry.Peer);
    }

    private static Entry Oldest(LinkedList<Entry> entries) => entries.FirstOrDefault(entry => !entry.IsTrusted) ?? entries.First!.Value;

    private sealed class Entry(ConnectionContext connection, IPAddress peer)
    {
        public ConnectionContext Connection => connection;

        public IPAddress Peer => peer;

        public volatile bool IsTrusted;
    }
}
