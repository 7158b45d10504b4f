using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Actors.Remoting.Transport;

/// <summary>
/// Counts the watches of a connection. The framework keeps each watch until the watched actor or the connection ends, and a peer can invent
/// any number of watching actors. It ignores the end of a watch that it does not know, so that does not count either. Not thread-safe.
/// </summary>
/// <param name="limit">The highest number of watches of living actors. A long path of a watcher counts as several.</param>
/// <param name="isAlive">Whether the watched actor with a path has not ended.</param>
public sealed class PeerWatches(int limit, Func<string, bool> isAlive)
{
    /// <summary>The bytes of a watcher's path that count as one more watch. Paths of honest watchers are shorter.</summary>
    public const int LongPath = 512;

    private readonly Dictionary<string, Dictionary<UInt128, int>> _watchers = [];
    private int _total;

    /// <summary>Adds a watch of an actor.</summary>
    /// <param name="watched">The path of the watched actor, without an address.</param>
    /// <param name="recipient">The path as the peer sent it, with the number of the actor.</param>
    /// <param name="watcher">The path of the watcher.</param>
    /// <returns>False above the limit.</returns>
    public bool TryAdd(string watched, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> watcher)
    {
        if (_total >= limit)
            RemoveEnded();
        if (_total >= limit)
            return false;
        if (!_watchers.TryGetValue(watched, out var watchers))
            _watchers[watched] = watchers = [];
        var size = 1 + (watcher.Length / LongPath);
        if (watchers.TryAdd(Hash(recipient, watcher), size))
            _total += size;
        return true;
    }

    /// <summary>Removes a watch of an actor.</summary>
    /// <param name="watched">The path of the watched actor, without an address.</param>
    /// <param name="recipient">The path as the peer sent it, with the number of the actor.</param>
    /// <param name="watcher">The path of the watcher.</param>
    public void Remove(string watched, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> watcher)
    {
        if (!_watchers.TryGetValue(watched, out var watchers) || !watchers.Remove(Hash(recipient, watcher), out var size))
            return;
        _total -= size;
        if (watchers.Count == 0)
            _watchers.Remove(watched);
    }

    private void RemoveEnded()
    {
        foreach (var (watched, watchers) in _watchers.Where(entry => !isAlive(entry.Key)).ToList())
        {
            _watchers.Remove(watched);
            _total -= watchers.Values.Sum();
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
