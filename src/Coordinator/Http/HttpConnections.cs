using System.Net;
using Actors.Remoting.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Actors.Coordinator.Http;

/// <summary>
/// Limits the open connections from their first byte, including those in a TLS handshake. A new connection is always accepted, so that
/// health probes are answered. If there are too many from one network, its oldest is closed. If there are too many in all, the oldest of
/// the network with most is closed, so that a flood does not close the connections of others. Connections that have presented the token
/// are closed last. Thread-safe.
/// </summary>
/// <param name="maxConnections">The most connections.</param>
/// <param name="maxPerNetwork">The most connections of one network (<see cref="LinkSource"/>).</param>
internal sealed class HttpConnections(int maxConnections, int maxPerNetwork)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<OpenConnection> _open = new();
    private readonly Dictionary<IPAddress, LinkedList<OpenConnection>> _networks = [];

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
        var network = LinkSource.FromEndPoint(connection.RemoteEndPoint).Network;
        var entry = new OpenConnection(connection, network);
        connection.Items[typeof(HttpConnections)] = entry;
        OpenConnection? closed;
        lock (_lock)
        {
            closed = CountOf(network) >= maxPerNetwork ? FindOldest(_networks[network])
                : _open.Count >= maxConnections ? FindOldest(_networks.Values.MaxBy(static open => open.Count)!)
                : null;
            if (closed is not null)
                RemoveEntry(closed);
            _open.AddLast(entry);
            if (!_networks.TryGetValue(network, out var ofNetwork))
                _networks[network] = ofNetwork = new LinkedList<OpenConnection>();
            ofNetwork.AddLast(entry);
        }

        closed?.Connection.Abort(new ConnectionAbortedException("Too many HTTP connections. The oldest was closed."));
        return entry;
    }

    private void RemoveConnection(OpenConnection entry)
    {
        lock (_lock)
            RemoveEntry(entry);
    }

    private int CountOf(IPAddress network) => _networks.TryGetValue(network, out var open) ? open.Count : 0;

    private void RemoveEntry(OpenConnection entry)
    {
        if (!_open.Remove(entry) || !_networks.TryGetValue(entry.Network, out var ofNetwork))
            return;
        ofNetwork.Remove(entry);
        if (ofNetwork.Count == 0)
            _networks.Remove(entry.Network);
    }

    private static OpenConnection FindOldest(LinkedList<OpenConnection> entries) =>
        entries.FirstOrDefault(entry => !entry.IsTrusted) ?? entries.First!.Value;

    private sealed class OpenConnection(ConnectionContext connection, IPAddress network)
    {
        public ConnectionContext Connection => connection;

        public IPAddress Network => network;

        public volatile bool IsTrusted;
    }
}
