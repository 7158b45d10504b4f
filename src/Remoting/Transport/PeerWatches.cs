namespace Actors.Remoting.Transport;

/// <summary>
/// Counts the watches of a connection. The framework keeps each watch until the watched actor or the connection ends, and a peer can invent
/// any number of watching actors. Not thread-safe.
/// </summary>
/// <param name="limit">The highest number of watches of living actors.</param>
/// <param name="isAlive">Whether the watched actor with a path has not ended.</param>
internal sealed class PeerWatches(int limit, Func<string, bool> isAlive)
{
    private readonly Dictionary<string, int> _watches = [];
    private int _total;

    /// <summary>Adds a watch of an actor.</summary>
    /// <returns>False above the limit.</returns>
    public bool TryAdd(string watched)
    {
        if (_total >= limit)
            RemoveEnded();
        if (_total >= limit)
            return false;
        _watches[watched] = _watches.GetValueOrDefault(watched) + 1;
        _total++;
        return true;
    }

    /// <summary>Removes a watch of an actor.</summary>
    public void Remove(string watched)
    {
        if (!_watches.TryGetValue(watched, out var count))
            return;
        _total--;
        if (count > 1)
            _watches[watched] = count - 1;
        else
            _watches.Remove(watched);
    }

    private void RemoveEnded()
    {
        foreach (var (watched, count) in _watches.Where(entry => !isAlive(entry.Key)).ToList())
        {
            _watches.Remove(watched);
            _total -= count;
        }
    }
}
