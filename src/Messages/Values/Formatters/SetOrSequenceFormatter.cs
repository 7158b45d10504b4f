namespace Actors.Messages.Values;

/// <summary>
/// Writes a collection that is declared as an interface. A set arrives as a set with its comparer, and a dictionary with a comparer as a
/// dictionary; from other collections the items arrive.
/// </summary>
public abstract class SetOrSequenceFormatter<TCollection, T> : SequenceFormatter<TCollection, T>
    where TCollection : class, IEnumerable<T>
{
    private const byte IsSequence = 0xff;

    public sealed override void Write(ref ValueWriter writer, TCollection? value)
    {
        var kind = value is null ? null : CollectionComparers.FindKindOfSequence(value, writer.DescribeLocation<TCollection>());
        writer.WriteRaw(kind is { } found ? (byte)found : IsSequence);
        base.Write(ref writer, value);
    }

    public sealed override TCollection? Read(ref ValueReader reader)
    {
        var kind = reader.ReadRaw<byte>();
        return kind == IsSequence ? base.Read(ref reader)
            : Items.ReadItems<T>(ref reader) is { } items ? (TCollection)BuildLookup(items, (KeyComparer)kind)
            : null;
    }

    private static object BuildLookup(T[] items, KeyComparer kind) =>
        (kind & KeyComparer.Pairs) != 0 && PairLookup<T>.Instance is { } pairs
            ? pairs.BuildDictionary(items, kind)
            : KeyComparers.BuildSet(items, kind);
}

/// <summary>
/// Writes a list that is declared as an interface or as a wrapper. A list that compares its items with its own comparer is refused, because
/// no list at the receiver could.
/// </summary>
public abstract class ListFormatterBase<TCollection, T> : SequenceFormatter<TCollection, T>
    where TCollection : class, IEnumerable<T>
{
    public sealed override void Write(ref ValueWriter writer, TCollection? value)
    {
        if (value is not null
            && CollectionComparers.FindKindOfSequence(value, writer.DescribeLocation<TCollection>()) is { } kind
            && KeyComparers.WithoutFlags(kind) != KeyComparer.Default)
        {
            throw new NotCarriedException(
                $"{writer.DescribeLocation<TCollection>()} cannot be carried to another process with the comparer of a "
                + $"{TypeNames.GetFullName(value.GetType())}; declare it as a set or a dictionary.");
        }

        base.Write(ref writer, value);
    }
}
