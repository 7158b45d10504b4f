using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Actors.Messages.Values;

internal sealed class HashSetFormatter<T> : KeyedFormatter<HashSet<T>, T, T>
{
    protected override HashSet<T> Build(T[] items, KeyComparer comparer) => new(items, KeyComparers.Equality<T>(comparer));
}

internal sealed class SortedSetFormatter<T> : KeyedFormatter<SortedSet<T>, T, T>
{
    protected override SortedSet<T> Build(T[] items, KeyComparer comparer) => new(items, KeyComparers.Order<T>(comparer));
}

internal sealed class ImmutableHashSetFormatter<T> : KeyedFormatter<ImmutableHashSet<T>, T, T>
{
    protected override ImmutableHashSet<T> Build(T[] items, KeyComparer comparer) =>
        ImmutableHashSet.CreateRange(KeyComparers.Equality<T>(comparer), items);
}

internal sealed class ImmutableSortedSetFormatter<T> : KeyedFormatter<ImmutableSortedSet<T>, T, T>
{
    protected override ImmutableSortedSet<T> Build(T[] items, KeyComparer comparer) =>
        ImmutableSortedSet.CreateRange(KeyComparers.Order<T>(comparer), items);
}

internal sealed class FrozenSetFormatter<T> : KeyedFormatter<FrozenSet<T>, T, T>
{
    protected override FrozenSet<T> Build(T[] items, KeyComparer comparer) => items.ToFrozenSet(KeyComparers.Equality<T>(comparer));
}

internal sealed class ReadOnlySetFormatter<T> : KeyedFormatter<ReadOnlySet<T>, T, T>
{
    protected override ReadOnlySet<T> Build(T[] items, KeyComparer comparer) => new(KeyComparers.Set(items, comparer));
}

// A set behind an interface arrives as a HashSet, or as a SortedSet if its items are sorted.
internal sealed class SetInterfaceFormatter<T> : KeyedFormatter<ISet<T>, T, T>
{
    protected override ISet<T> Build(T[] items, KeyComparer comparer) => KeyComparers.Set(items, comparer);
}

internal sealed class ReadOnlySetInterfaceFormatter<T> : KeyedFormatter<IReadOnlySet<T>, T, T>
{
    protected override IReadOnlySet<T> Build(T[] items, KeyComparer comparer) => (IReadOnlySet<T>)KeyComparers.Set(items, comparer);
}
