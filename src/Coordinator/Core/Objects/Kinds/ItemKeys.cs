using System.Buffers.Binary;
using System.Security.Cryptography;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// The keys with which items were put into a queue: the newest <see cref="MaxKeys"/> ones. Stores hashes, so that the memory does not
/// depend on the lengths of keys and items.
/// </summary>
public sealed class ItemKeys
{
    /// <summary>The number of keys that a queue remembers.</summary>
    public const int MaxKeys = 100_000;

    /// <summary>The bytes of an entry, approximately.</summary>
    private const int EntrySize = 128;

    private readonly Dictionary<UInt128, UInt128> _items = [];
    private readonly Queue<UInt128> _oldestFirst = new();

    /// <summary>The memory of the keys in bytes, approximately.</summary>
    public long Size => (long)_items.Count * EntrySize;

    /// <summary>All keys, the oldest first.</summary>
    public IEnumerable<ItemKey> All => _oldestFirst.Select(key => new ItemKey(key, _items[key]));

    /// <summary>Compares an item with the one that was put with the same key.</summary>
    /// <returns>Whether it is the same item; null if the key is not known.</returns>
    public bool? FindItem(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> item) =>
        _items.TryGetValue(ComputeHash(key), out var known) ? known == ComputeHash(item) : null;

    /// <summary>Adds a new key, and forgets the oldest one above the limit.</summary>
    public void AddKey(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> item) =>
        RestoreKey(new ItemKey(ComputeHash(key), ComputeHash(item)));

    /// <summary>Restores a key from a snapshot.</summary>
    public void RestoreKey(ItemKey key)
    {
        _items.Add(key.Key, key.Item);
        _oldestFirst.Enqueue(key.Key);
        if (_items.Count > MaxKeys)
            _items.Remove(_oldestFirst.Dequeue());
    }

    private static UInt128 ComputeHash(ReadOnlyMemory<byte> bytes) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(bytes.Span));
}
