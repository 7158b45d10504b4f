namespace Actors.Remoting.Transport;

/// <summary>
/// The connections in their handshake, oldest first. A handshake takes milliseconds, so connections that do not finish make room for those
/// that do. Beyond the limit, the oldest connection of the origin with most connections is closed: a flood does not close the connections
/// of others. Thread-safe.
/// </summary>
/// <param name="limit">The limit of connections.</param>
/// <param name="isExpected">Whether an origin is expected: its connections are closed last. Null for none.</param>
public sealed class PendingLinks<T>(int limit, Func<object, bool>? isExpected = null)
    where T : class
{
    private readonly Lock _access = new();
    private readonly LinkedList<(T Link, object Origin)> _links = [];

    /// <summary>The number of connections.</summary>
    public int Count
    {
        get
        {
            lock (_access)
                return _links.Count;
        }
    }

    /// <summary>Adds a connection.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="origin">The machine or process that opened it.</param>
    /// <returns>The connection to close instead; null for none.</returns>
    public T? AddLink(T link, object origin)
    {
        lock (_access)
        {
            _links.AddLast((link, origin));
            return _links.Count <= limit ? null : TakeOldestOfMany();
        }
    }

    /// <summary>Removes a connection that has completed its handshake or was closed.</summary>
    /// <returns>False if it has made room for others.</returns>
    public bool RemoveLink(T link)
    {
        lock (_access)
            return _links.Remove(_links.FirstOrDefault(pending => ReferenceEquals(pending.Link, link)));
    }

    private T TakeOldestOfMany()
    {
        var unexpected = _links.Where(pending => isExpected?.Invoke(pending.Origin) != true).ToList();
        IReadOnlyCollection<(T Link, object Origin)> closable = unexpected.Count > 0 ? unexpected : _links;
        var origin = closable.CountBy(pending => pending.Origin).MaxBy(count => count.Value).Key;
        var oldest = _links.First(pending => pending.Origin.Equals(origin));
        _links.Remove(oldest);
        return oldest.Link;
    }
}
