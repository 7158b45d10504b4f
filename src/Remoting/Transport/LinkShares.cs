namespace Actors.Remoting.Transport;

/// <summary>
/// Divides the memory for the connections of a program. Each connection may use its full limit while there are few of them. Among more, the
/// total is divided evenly, so that a client cannot exhaust the memory with many connections. Thread-safe.
/// </summary>
public sealed class LinkShares
{
    /// <summary>The number of connections that may use their full limit.</summary>
    public const int FullShares = 16;

    /// <summary>The smallest share is the limit divided by this, so that each connection makes progress.</summary>
    public const int SmallestPart = 64;

    private int _connections;

    /// <summary>Adds an open connection.</summary>
    public void Add() => Interlocked.Increment(ref _connections);

    /// <summary>Removes a connection that has ended.</summary>
    public void Remove() => Interlocked.Decrement(ref _connections);

    /// <summary>Gets the bytes that each connection may use now.</summary>
    /// <param name="limit">The limit of one connection.</param>
    public long GetShare(long limit)
    {
        var connections = Math.Max(Volatile.Read(ref _connections), FullShares);
        return Math.Max(limit * FullShares / connections, limit / SmallestPart);
    }
}
