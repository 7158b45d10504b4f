namespace Actors.Messages.Values;

/// <summary>
/// Writes a set or a dictionary: its comparer, then its items. The receiver builds it from the items, because hash codes differ between
/// processes.
/// </summary>
public abstract class KeyedFormatter<TCollection, TItem, TKey> : SequenceFormatter<TCollection, TItem>
    where TCollection : class, IEnumerable<TItem>
{
    public sealed override void Write(ref ValueWriter writer, TCollection? value)
    {
        if (value is not null)
        {
            writer.WriteRaw((byte)GetKind(value, writer.DescribeLocation<TCollection>()));
        }
        else
        {
            writer.WriteRaw((byte)0);
        }

        base.Write(ref writer, value);
    }

    public sealed override TCollection? Read(ref ValueReader reader)
    {
        var kind = (KeyComparer)reader.ReadRaw<byte>();
        return Items.ReadItems<TItem>(ref reader) is { } items ? Build(items, kind) : null;
    }

    /// <summary>Gets the comparer of the collection.</summary>
    /// <exception cref="NotCarriedException">The comparer does not exist in every process.</exception>
    protected virtual KeyComparer GetKind(TCollection value, string place) => CollectionComparers.GetKind<TKey>(value, place);

    protected abstract TCollection Build(TItem[] items, KeyComparer comparer);

    protected sealed override TCollection Build(TItem[] items) => Build(items, KeyComparer.Default);
}

/// <summary>The comparers that exist in every process.</summary>
public enum KeyComparer : byte
{
    Default = 0,
    Ordinal = 1,
    OrdinalIgnoreCase = 2,
    Invariant = 3,
    InvariantIgnoreCase = 4,

    /// <summary>A flag: the collection is sorted by the comparer.</summary>
    Sorted = 16,

    /// <summary>A flag: the collection is a dictionary that is declared as a sequence of pairs.</summary>
    Pairs = 32,
}

/// <summary>Converts comparers to their kind and back.</summary>
public static class KeyComparers
{
    public static KeyComparer GetKind<TKey>(object? comparer, string place) => comparer switch
    {
        null => KeyComparer.Default,
        _ when ReferenceEquals(comparer, EqualityComparer<TKey>.Default) => KeyComparer.Default,
        _ when ReferenceEquals(comparer, Comparer<TKey>.Default) => KeyComparer.Default,
        _ when comparer.Equals(StringComparer.Ordinal) => KeyComparer.Ordinal,
        _ when comparer.Equals(StringComparer.OrdinalIgnoreCase) => KeyComparer.OrdinalIgnoreCase,
        _ when comparer.Equals(StringComparer.InvariantCulture) => KeyComparer.Invariant,
        _ when comparer.Equals(StringComparer.InvariantCultureIgnoreCase) => KeyComparer.InvariantIgnoreCase,
        _ => throw new NotCarriedException(
            $"{place} cannot be carried to another process with the comparer {TypeNames.GetFullName(comparer.GetType())}; use the default "
            + "one, or one of StringComparer's."),
    };

    /// <exception cref="NotCarriedException">The comparer of a dictionary's values is not the default one.</exception>
    public static void RequireDefault<TValue>(object? comparer, string place)
    {
        if (comparer is not null && !ReferenceEquals(comparer, EqualityComparer<TValue>.Default))
        {
            throw new NotCarriedException(
                $"{place} cannot be carried to another process with the value comparer {TypeNames.GetFullName(comparer.GetType())}; use "
                + "the default one.");
        }
    }

    public static IEqualityComparer<TKey>? GetEqualityComparer<TKey>(KeyComparer kind) =>
        WithoutFlags(kind) == KeyComparer.Default ? null : (IEqualityComparer<TKey>)(object)GetStringComparer(WithoutFlags(kind));

    public static IComparer<TKey>? GetOrderComparer<TKey>(KeyComparer kind) =>
        WithoutFlags(kind) == KeyComparer.Default ? null : (IComparer<TKey>)(object)GetStringComparer(WithoutFlags(kind));

    /// <summary>Builds a dictionary with the comparer of the one that was sent.</summary>
    public static IDictionary<TKey, TValue> BuildDictionary<TKey, TValue>(KeyValuePair<TKey, TValue>[] items, KeyComparer kind)
        where TKey : notnull
    {
        IDictionary<TKey, TValue> made = (kind & KeyComparer.Sorted) != 0
            ? new SortedDictionary<TKey, TValue>(GetOrderComparer<TKey>(kind))
            : new Dictionary<TKey, TValue>(items.Length, GetEqualityComparer<TKey>(kind));
        foreach (var (key, value) in items)
            made.Add(key, value);
        return made;
    }

    /// <summary>Builds a set with the comparer of the one that was sent.</summary>
    public static ISet<T> BuildSet<T>(T[] items, KeyComparer kind) =>
        (kind & KeyComparer.Sorted) != 0
            ? new SortedSet<T>(items, GetOrderComparer<T>(kind))
            : new HashSet<T>(items, GetEqualityComparer<T>(kind));

    /// <summary>Gets the comparer without the flags.</summary>
    public static KeyComparer WithoutFlags(KeyComparer kind) => kind & ~(KeyComparer.Sorted | KeyComparer.Pairs);

    private static StringComparer GetStringComparer(KeyComparer kind) => kind switch
    {
        KeyComparer.Ordinal => StringComparer.Ordinal,
        KeyComparer.OrdinalIgnoreCase => StringComparer.OrdinalIgnoreCase,
        KeyComparer.Invariant => StringComparer.InvariantCulture,
        KeyComparer.InvariantIgnoreCase => StringComparer.InvariantCultureIgnoreCase,
        _ => throw new InvalidDataException($"{kind} is not a comparer."),
    };
}
