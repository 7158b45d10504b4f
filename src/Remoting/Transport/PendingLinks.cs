namespace Actors.Remoting.Transport;

/// <summary>
/// The connections in their handshake, oldest first. Beyond the limit, the oldest is closed: a handshake takes milliseconds, so connections
/// that do not finish make room for those that do. Thread-safe.
/// </summary>
/// <param name="limit">The limit of connections.</param>
internal sealed class PendingLinks<T>(int limit)
    where T : class
{
    private readonly Lock _access = new();
    private readonly LinkedList<T> _links = [];

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
    /// <returns>The connection to close instead; null for none.</returns>
    public T? AddLink(T link)
    {
        lock (_access)
        {
            _links.AddLast(link);
            if (_links.Count <= limit)
                return null;
            var oldest = _links.First!.Value;
            _links.RemoveFirst();
            return oldest;
        }
    }

    /// <summary>Removes a connection that has completed its handshake or was closed.</summary>
    public void RemoveLink(T link)
    {
        lock (_access)
            _links.Remove(link);
    }
}
