using System.Collections.Concurrent;
using Actors.Messages.Payloads;

namespace Actors.Pools;

/// <summary>
/// The shared values of a pool whose workers are on this machine, in shared memory. Its session removes them at its end. Thread-safe.
/// </summary>
internal sealed class LocalShares
{
    private readonly ConcurrentDictionary<PayloadId, SharedMemory> _memory = new();

    /// <summary>Makes the content of a value available to the workers.</summary>
    /// <exception cref="StorageException">The shared memory is exhausted.</exception>
    public SharedReference AddValue(ReadOnlyMemory<byte> content)
    {
        var (id, memory) = (PayloadId.New(), SharedMemory.CreateOwned(content.Length));
        memory.WriteBytes(0, content.Span);
        _memory[id] = memory;
        return new SharedReference(id, memory.Name);
    }

    /// <summary>Removes a value. Processes that have opened it keep its content.</summary>
    /// <returns>False if it was removed before.</returns>
    public bool RemoveValue(PayloadId id)
    {
        if (!_memory.TryRemove(id, out var memory))
            return false;
        memory.Unlink();
        memory.Dispose();
        // A job may have returned the value to this process.
        SharedContents.RemoveContent(id);
        return true;
    }

    /// <summary>Removes all values.</summary>
    public void RemoveAll()
    {
        foreach (var id in _memory.Keys)
            RemoveValue(id);
    }
}
