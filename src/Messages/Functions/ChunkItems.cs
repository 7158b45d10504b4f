using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>The items of a chunk of a map.</summary>
/// <param name="Start">The index of the first item in the map.</param>
/// <param name="Items">The items.</param>
public readonly record struct ChunkItems<T>(long Start, ReadOnlyMemory<T> Items)
{
    /// <summary>Gets one item as a chunk of its own.</summary>
    public ChunkItems<T> GetItem(int index) => new(Start + index, Items.Slice(index, 1));

    /// <summary>Writes the index of the first item, and the items.</summary>
    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteRaw(Start);
        Values.Items.WriteItems(ref writer, Items.Span);
    }
}

/// <summary>Reads the items of a chunk.</summary>
public static class ChunkItems
{
    /// <summary>Reads the index of the first item; the items follow as an array.</summary>
    /// <exception cref="InvalidDataException">The index is negative.</exception>
    public static long ReadStart(ref ValueReader reader) =>
        reader.ReadRaw<long>() is >= 0 and var start ? start : throw new InvalidDataException("The index of the first item is negative.");
}
