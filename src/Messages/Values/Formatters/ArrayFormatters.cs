namespace Actors.Messages.Values;

/// <summary>Writes an array of one dimension.</summary>
public sealed class ArrayFormatter<T> : ValueFormatter<T[]?>
{
    public override bool IsPlain => FormatterCache<T>.Formatter.IsPlain;

    public override void Write(ref ValueWriter writer, T[]? value)
    {
        if (value is null)
        {
            writer.WriteLength(-1);
        }
        else
        {
            Items.WriteItems<T>(ref writer, value);
        }
    }

    public override T[]? Read(ref ValueReader reader) => Items.ReadItems<T>(ref reader);

    public override ValueReceiver<T[]?>? CreateReceiver(int length) => Items.IsBlock<T>() ? new ArrayReceiver<T>(length) : null;
}

/// <summary>
/// Writes an array of several dimensions: the lengths of the dimensions, then the items row by row. Lower bounds must be 0.
/// </summary>
public sealed class MultiArrayFormatter<TArray, T> : ValueFormatter<TArray?>
    where TArray : class
{
    private static readonly int Rank = typeof(TArray).GetArrayRank();

    public override void Write(ref ValueWriter writer, TArray? value)
    {
        writer.WriteRaw(value is null ? (byte)0 : (byte)1);
        if (value is not Array array)
        {
            return;
        }

        for (var dimension = 0; dimension < Rank; dimension++)
        {
            RequireLowerBound(array, dimension);
            writer.WriteRaw(array.GetLength(dimension));
        }

        var items = new T[array.Length];
        var next = 0;
        foreach (T item in array)
        {
            items[next++] = item;
        }

        Items.WriteItems<T>(ref writer, items);
    }

    public override TArray? Read(ref ValueReader reader)
    {
        if (!reader.ReadPresence())
        {
            return null;
        }

        var lengths = new int[Rank];
        for (var dimension = 0; dimension < Rank; dimension++)
        {
            lengths[dimension] = reader.ReadRaw<int>();
        }

        // The items are read before the array is allocated, so that its size is limited by the received bytes.
        var items = Items.ReadItems<T>(ref reader);
        return items is not null && MultiplyLengths(lengths) == items.Length
            ? (TArray)(object)FillArray(Array.CreateInstance(typeof(T), lengths), items, lengths)
            : throw new InvalidDataException($"The dimensions {string.Join(" x ", lengths)} do not hold the items that follow.");
    }

    private static Array FillArray(Array array, T[] items, int[] lengths)
    {
        var index = new int[Rank];
        foreach (var item in items)
        {
            array.SetValue(item, index);
            for (var dimension = Rank - 1; dimension >= 0 && ++index[dimension] == lengths[dimension]; dimension--)
            {
                index[dimension] = 0;
            }
        }

        return array;
    }

    private static long MultiplyLengths(int[] lengths)
    {
        var product = 1L;
        foreach (var length in lengths)
        {
            product = length < 0 ? throw new InvalidDataException($"A dimension of {length}.") : checked(product * length);
        }

        return product;
    }

    private static void RequireLowerBound(Array array, int dimension)
    {
        if (array.GetLowerBound(dimension) != 0)
        {
            throw new NotCarriedException(
                $"{TypeNames.GetFullName(typeof(TArray))} cannot be carried to another process with a lower bound that is not 0.");
        }
    }
}
