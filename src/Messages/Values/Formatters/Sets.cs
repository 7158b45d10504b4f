using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Actors.Messages.Values;

public sealed class HashSetFormatter<T> : KeyedFormatter<HashSet<T>, T, T>
{
    protected override HashSet<T> Build(T[] items, KeyComparer comparer) => new(items, KeyComparers.GetEqualityComparer<T>(comparer));
}

public sealed class SortedSetFormatter<T> : KeyedFormatter<SortedSet<T>, T, T>
{
    protected override SortedSet<T> Build(T[] items, KeyComparer comparer) => new(items, KeyComparers.GetOrderComparer<T>(comparer));
}

public sealed class ImmutableHashSetFormatter<T> : KeyedFormatter<ImmutableHashSet<T>, T, T>
{
    protected override ImmutableHashSet<T> Build(T[] items, KeyComparer comparer) =>
        ImmutableHashSet.CreateRange(KeyComparers.GetEqualityComparer<T>(comparer), items);
}

public sealed class ImmutableSortedSetFormatter<T> : KeyedFormatter<ImmutableSortedSet<T>, T, T>
{
    protected override ImmutableSortedSet<T> Build(T[] items, KeyComparer comparer) =>
        ImmutableSortedSet.CreateRange(KeyComparers.GetOrderComparer<T>(comparer), items);
}

public sealed class FrozenSetFormatter<T> : KeyedFormatter<FrozenSet<T>, T, T>
{
    protected override FrozenSet<T> Build(T[] items, KeyComparer comparer) =>
        items.ToFrozenSet(KeyComparers.GetEqualityComparer<T>(comparer));
}

public sealed class ReadOnlySetFormatter<T> : KeyedFormatter<ReadOnlySet<T>, T, T>
{
    protected override ReadOnlySet<T> Build(T[] items, KeyComparer comparer) => new(KeyComparers.BuildSet(items, comparer));
}

// A set declared as an interface arrives as a HashSet, or as a SortedSet if it is sorted.
public sealed class SetInterfaceFormatter<T> : KeyedFormatter<ISet<T>, T, T>
{
    protected override ISet<T> Build(T[] items, KeyComparer comparer) => KeyComparers.BuildSet(items, comparer);
}

public sealed class ReadOnlySetInterfaceFormatter<T> : KeyedFormatter<IReadOnlySet<T>, T, T>
{
    protected override IReadOnlySet<T> Build(T[] items, KeyComparer comparer) => (IReadOnlySet<T>)KeyComparers.BuildSet(items, comparer);
}
