namespace Actors.Remoting.Transport;

/// <summary>
/// The connections that have not proven anything yet, oldest first. Beyond the limit the oldest is given up: a handshake takes milliseconds, so that those
/// who do not finish it make room for those who do. Thread-safe.
/// </summary>
/// <param name="limit">How many there may be.</param>
internal sealed class PendingLinks<T>(int limit)
    where T : class
{
    private readonly Lock _access = new();
    private readonly LinkedList<T> _links = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_access)
                return _links.Count;
        }
    }

    /// <summary>Adds a connection.</summary>
    /// <returns>The connection to close for it; null for none.</returns>
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

    /// <summary>A connection has finished its handshake, or is closed.</summary>
    public void RemoveLink(T link)
    {
        lock (_access)
            _links.Remove(link);
    }
}
