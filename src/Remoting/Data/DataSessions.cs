using Actors.Remoting.Transport;

namespace Actors.Remoting.Data;

/// <summary>
/// The open connections of a data port, and their limits. Above a limit of all peers or of an IP address, the connection without a request
/// for the longest time makes room: its peer opens another one when it needs it. Thread-safe.
/// </summary>
/// <param name="limit">The limit of connections.</param>
/// <param name="networkLimit">The limit of connections from one network (<see cref="LinkSource"/>).</param>
public sealed class DataSessions(int limit = DataSessions.MaxConnections, int networkLimit = DataSessions.MaxConnectionsOfAddress)
{
    /// <summary>The most connections.</summary>
    public const int MaxConnections = 2048;

    /// <summary>The most connections from one IP address.</summary>
    public const int MaxConnectionsOfAddress = 512;

    /// <summary>The most connections of one peer. A client transfers four contents of a pool at a time.</summary>
    public const int MaxConnectionsOfPeer = 64;

    private readonly Lock _access = new();
    private readonly HashSet<DataSession> _sessions = [];

    /// <summary>The number of connections.</summary>
    public int Count
    {
        get
        {
            lock (_access)
                return _sessions.Count;
        }
    }

    /// <summary>Adds a connection.</summary>
    /// <returns>False if a limit is reached, and no connection can make room.</returns>
    public bool TryAdd(DataSession session)
    {
        lock (_access)
        {
            if (_sessions.Count(other => other.Peer.Address == session.Peer.Address) >= MaxConnectionsOfPeer
                || !HasRoom([.. _sessions.Where(other => other.Network.Equals(session.Network))], networkLimit)
                || !HasRoom(_sessions, limit))
                return false;
            return _sessions.Add(session);
        }
    }

    /// <summary>Removes a connection that has ended.</summary>
    public void RemoveSession(DataSession session)
    {
        lock (_access)
            _sessions.Remove(session);
    }

    /// <summary>Ends the connections of a peer.</summary>
    public void EndSessions(LinkPeer peer)
    {
        List<DataSession> ended;
        lock (_access)
            ended = [.. _sessions.Where(session => session.Peer.Address == peer.Address && session.Peer.IsSameProgram(peer))];
        ended.ForEach(static session => session.EndSession());
    }

    private bool HasRoom(HashSet<DataSession> sessions, int most)
    {
        if (sessions.Count < most)
            return true;
        if (sessions.Where(session => session.IdleSince is not null).MinBy(session => session.IdleSince) is not { } unused)
            return false;
        unused.EndSession();
        return _sessions.Remove(unused);
    }
}
