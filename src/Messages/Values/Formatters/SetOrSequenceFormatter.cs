namespace Actors.Messages.Values;

/// <summary>
/// Writes a collection that is declared as an interface. A set arrives as a set with its comparer; from other collections the items arrive.
/// </summary>
internal abstract class SetOrSequenceFormatter<TCollection, T> : SequenceFormatter<TCollection, T>
    where TCollection : class, IEnumerable<T>
{
    private const byte IsSequence = 0xff;

    internal sealed override void Write(ref ValueWriter writer, TCollection? value)
    {
        var isSet = value is not null && CollectionComparers.IsSet<T>(value);
        writer.WriteRaw(isSet ? (byte)CollectionComparers.GetKind<T>(value!, writer.DescribeLocation<TCollection>()) : IsSequence);
        base.Write(ref writer, value);
    }

    internal sealed override TCollection? Read(ref ValueReader reader)
    {
        var kind = reader.ReadRaw<byte>();
        return kind == IsSequence ? base.Read(ref reader)
            : Items.ReadItems<T>(ref reader) is { } items ? (TCollection)KeyComparers.BuildSet(items, (KeyComparer)kind)
            : null;
    }
}

/// <summary>
/// Writes a list that is declared as an interface. A list that compares its items with its own comparer is refused, because no list at the
/// receiver could.
/// </summary>
internal abstract class ListFormatterBase<TCollection, T> : SequenceFormatter<TCollection, T>
    where TCollection : class, IEnumerable<T>
{
    internal sealed override void Write(ref ValueWriter writer, TCollection? value)
    {
        if (value is not null and not T[] and not List<T> && CollectionComparers.IsSet<T>(value)
            && CollectionComparers.GetKind<T>(
                value, writer.DescribeLocation<TCollection>()) is not (KeyComparer.Default or KeyComparer.Sorted))
        {
            throw new NotCarriedException(
                $"{writer.DescribeLocation<TCollection>()} cannot be carried to another process with the comparer of a "
                + $"{TypeNames.GetFullName(value.GetType())}; declare it as a set.");
        }

        base.Write(ref writer, value);
    }
}
