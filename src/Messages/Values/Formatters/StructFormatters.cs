using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Actors.Messages.Values;

/// <summary>Writes a nullable value.</summary>
public sealed class NullableFormatter<T> : ValueFormatter<T?>
    where T : struct
{
    public override bool IsPlain => FormatterCache<T>.Formatter.IsPlain;

    public override void Write(ref ValueWriter writer, T? value)
    {
        writer.WriteRaw(value.HasValue ? (byte)1 : (byte)0);
        if (value.HasValue)
        {
            writer.WriteValue(value.GetValueOrDefault());
        }
    }

    public override T? Read(ref ValueReader reader) => reader.ReadPresence() ? reader.ReadValue<T>() : null;
}

/// <summary>Writes a key and its value.</summary>
public sealed class PairFormatter<TKey, TValue> : ValueFormatter<KeyValuePair<TKey, TValue>>
{
    public override void Write(ref ValueWriter writer, KeyValuePair<TKey, TValue> value)
    {
        writer.WriteValue(value.Key);
        writer.WriteValue(value.Value);
    }

    public override KeyValuePair<TKey, TValue> Read(ref ValueReader reader) => new(reader.ReadValue<TKey>(), reader.ReadValue<TValue>());
}

/// <summary>Writes an immutable array. An uninitialized one arrives uninitialized.</summary>
public sealed class ImmutableArrayFormatter<T> : ValueFormatter<ImmutableArray<T>>
{
    public override void Write(ref ValueWriter writer, ImmutableArray<T> value)
    {
        if (value.IsDefault)
        {
            writer.WriteLength(-1);
        }
        else
        {
            Items.WriteItems(ref writer, value.AsSpan());
        }
    }

    public override ImmutableArray<T> Read(ref ValueReader reader) =>
        ImmutableCollectionsMarshal.AsImmutableArray(Items.ReadItems<T>(ref reader));
}

/// <summary>Writes the items of an array segment, not the whole array.</summary>
public sealed class ArraySegmentFormatter<T> : ValueFormatter<ArraySegment<T>>
{
    public override void Write(ref ValueWriter writer, ArraySegment<T> value) => Items.WriteItems<T>(ref writer, value);

    public override ArraySegment<T> Read(ref ValueReader reader) => Items.ReadItems<T>(ref reader) ?? ArraySegment<T>.Empty;
}

/// <summary>Writes the items of a memory block.</summary>
public sealed class MemoryFormatter<T> : ValueFormatter<Memory<T>>
{
    public override void Write(ref ValueWriter writer, Memory<T> value) => Items.WriteItems<T>(ref writer, value.Span);

    public override Memory<T> Read(ref ValueReader reader) => Items.ReadItems<T>(ref reader);
}

/// <summary>Writes the items of a memory block.</summary>
public sealed class ReadOnlyMemoryFormatter<T> : ValueFormatter<ReadOnlyMemory<T>>
{
    public override void Write(ref ValueWriter writer, ReadOnlyMemory<T> value) => Items.WriteItems(ref writer, value.Span);

    public override ReadOnlyMemory<T> Read(ref ValueReader reader) => Items.ReadItems<T>(ref reader);
}
