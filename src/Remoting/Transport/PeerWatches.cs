using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Actors.Remoting.Transport;

/// <summary>
/// Counts the watches of all connections of an address. The framework keeps each watch until the watched actor ends, also after the end of
/// the connection, and a peer can invent any number of watching actors. It ignores the end of a watch that it does not know, so that does
/// not count either. Thread-safe.
/// </summary>
/// <param name="limit">The highest number of watches of living actors. A long path of a watcher counts as several.</param>
/// <param name="total">The watches of all addresses.</param>
/// <param name="isAlive">Whether the watched actor with a path has not ended.</param>
/// <param name="endWatches">Makes the framework forget the watches of the address at the actor with a path.</param>
public sealed class PeerWatches(int limit, WatchTotal total, Func<string, bool> isAlive, Action<string> endWatches)
{
    /// <summary>The bytes of a watcher's path that count as one more watch. Paths of honest watchers are shorter.</summary>
    public const int LongPath = 512;

    private readonly Lock _access = new();

    // A watched actor stays, and counts as one watch, when its last watcher leaves: a watch that was counted down by mistake must not stay
    // in the framework after the address ends.
    private readonly Dictionary<string, Dictionary<UInt128, int>> _watchers = [];
    private int _count;

    /// <summary>Adds a watch of an actor.</summary>
    /// <param name="watched">The path of the watched actor, without an address.</param>
    /// <param name="recipient">The path as the peer sent it, with the number of the actor.</param>
    /// <param name="watcher">The path of the watcher.</param>
    /// <returns>False above the limit.</returns>
    public bool TryAdd(string watched, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> watcher)
    {
        lock (_access)
        {
            if (IsFull)
                RemoveEnded();
            if (IsFull)
                return false;
            var size = 1 + (watcher.Length / LongPath);
            var isKnown = _watchers.TryGetValue(watched, out var watchers);
            if (!isKnown)
                _watchers[watched] = watchers = [];
            if (watchers!.TryAdd(Hash(recipient, watcher), size))
                Count(isKnown && watchers.Count == 1 ? size - 1 : size);
            return true;
        }
    }

    /// <summary>Removes a watch of an actor.</summary>
    /// <param name="watched">The path of the watched actor, without an address.</param>
    /// <param name="recipient">The path as the peer sent it, with the number of the actor.</param>
    /// <param name="watcher">The path of the watcher.</param>
    public void Remove(string watched, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> watcher)
    {
        lock (_access)
        {
            if (_watchers.TryGetValue(watched, out var watchers) && watchers.Remove(Hash(recipient, watcher), out var size))
                Count(watchers.Count == 0 ? 1 - size : -size);
        }
    }

    /// <summary>Ends all watches, when the program at the address has been disconnected for so long that it expects no messages.</summary>
    public void EndAll()
    {
        List<string> watched;
        lock (_access)
        {
            watched = [.. _watchers.Keys];
            _watchers.Clear();
            Count(-_count);
        }

        // Without the lock: the actor may run now, on this thread.
        watched.ForEach(endWatches);
    }

    private bool IsFull => _count >= limit || (total.IsFull && _count >= WatchTotal.Guaranteed);

    private void Count(int change)
    {
        _count += change;
        total.Add(change);
    }

    private void RemoveEnded()
    {
        foreach (var (watched, watchers) in _watchers.Where(entry => !isAlive(entry.Key)).ToList())
        {
            _watchers.Remove(watched);
            Count(-Math.Max(1, watchers.Values.Sum()));
        }
    }

    /// <summary>Hashes a watch, so that long paths need little memory. A peer cannot find two watches with one hash.</summary>
    private static UInt128 Hash(ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> watcher)
    {
        Span<byte> hashes = stackalloc byte[2 * SHA256.HashSizeInBytes];
        SHA256.HashData(recipient, hashes);
        SHA256.HashData(watcher, hashes[SHA256.HashSizeInBytes..]);
        SHA256.HashData(hashes, hashes);
        return MemoryMarshal.Read<UInt128>(hashes);
    }
}

/// <summary>Counts the watches of all clients and nodes. Thread-safe.</summary>
/// <param name="limit">The number above which an address has only <see cref="Guaranteed"/> watches.</param>
public sealed class WatchTotal(int limit)
{
    /// <summary>The number of watches that each address may always have.</summary>
    public const int Guaranteed = 256;

    private int _count;

    /// <summary>The number of watches.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether the limit is reached.</summary>
    public bool IsFull => Count >= limit;

    /// <summary>Adds watches, or removes them.</summary>
    public void Add(int change) => Interlocked.Add(ref _count, change);
}
