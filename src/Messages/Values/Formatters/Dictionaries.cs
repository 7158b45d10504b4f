using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Actors.Messages.Values;

public abstract class PairsFormatter<TDictionary, TKey, TValue> : KeyedFormatter<TDictionary, KeyValuePair<TKey, TValue>, TKey>
    where TDictionary : class, IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull;

public sealed class DictionaryFormatter<TKey, TValue> : PairsFormatter<Dictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override Dictionary<TKey, TValue> Build(KeyValuePair<TKey, TValue>[] items, KeyComparer comparer) =>
        new(items, KeyComparers.GetEqualityComparer<TKey>(comparer));
}

public sealed class SortedDictionaryFormatter<TKey, TValue> : PairsFormatter<SortedDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override SortedDictionary<TKey, TValue> Build(KeyValuePair<TKey, TValue>[] items, KeyComparer comparer)
    {
        var made = new SortedDictionary<TKey, TValue>(KeyComparers.GetOrderComparer<TKey>(comparer));
        foreach (var (key, value) in items)
        {
            made.Add(key, value);
        }

        return made;
    }
}

public sealed class SortedListFormatter<TKey, TValue> : PairsFormatter<SortedList<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override SortedList<TKey, TValue> Build(KeyValuePair<TKey, TValue>[] items, KeyComparer comparer)
    {
        var made = new SortedList<TKey, TValue>(items.Length, KeyComparers.GetOrderComparer<TKey>(comparer));
        foreach (var (key, value) in items)
        {
            made.Add(key, value);
        }

        return made;
    }
}

public sealed class ConcurrentDictionaryFormatter<TKey, TValue> : PairsFormatter<ConcurrentDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override ConcurrentDictionary<TKey, TValue> Build(KeyValuePair<TKey, TValue>[] items, KeyComparer comparer) =>
        new(items, KeyComparers.GetEqualityComparer<TKey>(comparer));
}

public sealed class ImmutableDictionaryFormatter<TKey, TValue> : PairsFormatter<ImmutableDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override KeyComparer GetKind(ImmutableDictionary<TKey, TValue> value, string place)
    {
        KeyComparers.RequireDefault<TValue>(value.ValueComparer, place);
        return base.GetKind(value, place);
    }

    protected override ImmutableDictionary<TKey, TValue> Build(KeyValuePair<TKey, TValue>[] items, KeyComparer comparer) =>
        ImmutableDictionary.CreateRange(KeyComparers.GetEqualityComparer<TKey>(comparer), items);
}

public sealed class ImmutableSortedDictionaryFormatter<TKey, TValue> : PairsFormatter<ImmutableSortedDictionary<TKey, TValue>, TKey,
TValue>
    where TKey : notnull
{
    protected override KeyComparer GetKind(ImmutableSortedDictionary<TKey, TValue> value, string place)
    {
        KeyComparers.RequireDefault<TValue>(value.ValueComparer, place);
        return base.GetKind(value, place);
    }

    protected override ImmutableSortedDictionary<TKey, TValue> Build(KeyValuePair<TKey, TValue>[] items, KeyComparer comparer) =>
        ImmutableSortedDictionary.CreateRange(KeyComparers.GetOrderComparer<TKey>(comparer), items);
}

public sealed class FrozenDictionaryFormatter<TKey, TValue> : PairsFormatter<FrozenDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override FrozenDictionary<TKey, TValue> Build(KeyValuePair<TKey, TValue>[] items, KeyComparer comparer) =>
        items.ToFrozenDictionary(KeyComparers.GetEqualityComparer<TKey>(comparer));
}

public sealed class OrderedDictionaryFormatter<TKey, TValue> : PairsFormatter<OrderedDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override OrderedDictionary<TKey, TValue> Build(KeyValuePair<TKey, TValue>[] items, KeyComparer comparer) =>
        new(items, KeyComparers.GetEqualityComparer<TKey>(comparer));
}

// A dictionary declared as an interface or a read-only wrapper arrives as a Dictionary, or as a SortedDictionary if it is sorted.
public sealed class ReadOnlyDictionaryFormatter<TKey, TValue> : PairsFormatter<ReadOnlyDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override ReadOnlyDictionary<TKey, TValue> Build(KeyValuePair<TKey, TValue>[] items, KeyComparer comparer) =>
        new(KeyComparers.BuildDictionary(items, comparer));
}

public sealed class DictionaryInterfaceFormatter<TKey, TValue> : PairsFormatter<IDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override IDictionary<TKey, TValue> Build(KeyValuePair<TKey, TValue>[] items, KeyComparer comparer) =>
        KeyComparers.BuildDictionary(items, comparer);
}

public sealed class ReadOnlyDictionaryInterfaceFormatter<TKey, TValue> : PairsFormatter<IReadOnlyDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override IReadOnlyDictionary<TKey, TValue> Build(KeyValuePair<TKey, TValue>[] items, KeyComparer comparer) =>
        (IReadOnlyDictionary<TKey, TValue>)KeyComparers.BuildDictionary(items, comparer);
}
