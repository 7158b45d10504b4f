using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Actors.Messages.Values;

/// <summary>
/// Writes the items of any collection: their number, then each item. Items whose bits are copied are written as one block.
/// </summary>
public static class Items
{
    public static void WriteItems<T>(ref ValueWriter writer, ReadOnlySpan<T> items)
    {
        writer.WriteLength(items.Length);
        if (IsBlock<T>())
        {
            writer.WriteBytes(AsBytes(items));
            return;
        }

        writer.EnterLevel<T>();
        var formatter = FormatterCache<T>.Formatter;
        foreach (var item in items)
        {
            formatter.Write(ref writer, item);
        }

        writer.LeaveLevel();
    }

    public static T[]? ReadItems<T>(ref ValueReader reader)
    {
        var length = reader.ReadLength(IsBlock<T>() ? Unsafe.SizeOf<T>() : 1);
        return length < 0 ? null : IsBlock<T>() ? ReadBlock<T>(ref reader, length) : ReadEach<T>(ref reader, length);
    }

    /// <summary>Whether every bit pattern is a valid item, so that items are copied as one block.</summary>
    public static bool IsBlock<T>() =>
        typeof(T) == typeof(byte) || typeof(T) == typeof(sbyte) || typeof(T) == typeof(short) || typeof(T) == typeof(ushort)
        || typeof(T) == typeof(int) || typeof(T) == typeof(uint) || typeof(T) == typeof(long) || typeof(T) == typeof(ulong)
        || typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(char) || typeof(T) == typeof(Guid)
        || typeof(T) == typeof(TimeSpan) || typeof(T) == typeof(Half) || typeof(T) == typeof(Int128) || typeof(T) == typeof(UInt128)
        || typeof(T).IsEnum;

    /// <summary>Gets the memory of an array whose items are copied as one block.</summary>
    /// <param name="items">The array, of at most 2 GiB.</param>
    public static Span<byte> AsWritableBytes<T>(T[] items) => MemoryMarshal.CreateSpan(
        ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(items)), items.Length * Unsafe.SizeOf<T>());

    /// <summary>Reads the number of items of an array whose other bytes arrive later.</summary>
    /// <param name="head">The encoded number.</param>
    /// <param name="blockLength">The number of the other bytes.</param>
    /// <param name="count">The number of items.</param>
    /// <returns>Whether the other bytes are that many items, which are copied as one block.</returns>
    public static bool TryReadCount<T>(ReadOnlySpan<byte> head, int blockLength, out int count)
    {
        var reader = new ValueReader(head);
        var announced = head[^1] < 0x80 ? reader.ReadAnnouncedLength() : -1;
        count = blockLength / Unsafe.SizeOf<T>();
        return announced == count && blockLength % Unsafe.SizeOf<T>() == 0;
    }

    private static T[] ReadBlock<T>(ref ValueReader reader, int length)
    {
        var items = GC.AllocateUninitializedArray<T>(length);
        var bytes = reader.ReadBytes(length * Unsafe.SizeOf<T>());
        bytes.CopyTo(AsWritableBytes(items));
        return items;
    }

    private static T[] ReadEach<T>(ref ValueReader reader, int length)
    {
        reader.EnterLevel();
        var formatter = FormatterCache<T>.Formatter;
        var items = new T[length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = formatter.Read(ref reader);
        }

        reader.LeaveLevel();
        return items;
    }

    private static ReadOnlySpan<byte> AsBytes<T>(ReadOnlySpan<T> items)
    {
        var bytes = (long)items.Length * Unsafe.SizeOf<T>();
        if (bytes > Array.MaxLength)
        {
            throw new NotCarriedException(
                $"{TypeNames.GetFullName(typeof(T[]))} is larger than 2 GiB; pass it in parts, or the path of a file.");
        }

        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items)), (int)bytes);
    }
}
