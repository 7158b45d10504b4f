using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Actors.Messages.Values;

internal sealed class HashSetFormatter<T> : KeyedFormatter<HashSet<T>, T, T>
{
    protected override object? ComparerOf(HashSet<T> value) => value.Comparer;

    protected override HashSet<T> Build(T[] items, KeyComparer comparer) => new(items, KeyComparers.Equality<T>(comparer));
}

internal sealed class SortedSetFormatter<T> : KeyedFormatter<SortedSet<T>, T, T>
{
    protected override object? ComparerOf(SortedSet<T> value) => value.Comparer;

    protected override SortedSet<T> Build(T[] items, KeyComparer comparer) => new(items, KeyComparers.Order<T>(comparer));
}

internal sealed class ImmutableHashSetFormatter<T> : KeyedFormatter<ImmutableHashSet<T>, T, T>
{
    protected override object? ComparerOf(ImmutableHashSet<T> value) => value.KeyComparer;

    protected override ImmutableHashSet<T> Build(T[] items, KeyComparer comparer) =>
        ImmutableHashSet.CreateRange(KeyComparers.Equality<T>(comparer), items);
}

internal sealed class ImmutableSortedSetFormatter<T> : KeyedFormatter<ImmutableSortedSet<T>, T, T>
{
    protected override object? ComparerOf(ImmutableSortedSet<T> value) => value.KeyComparer;

    protected override ImmutableSortedSet<T> Build(T[] items, KeyComparer comparer) =>
        ImmutableSortedSet.CreateRange(KeyComparers.Order<T>(comparer), items);
}

internal sealed class FrozenSetFormatter<T> : KeyedFormatter<FrozenSet<T>, T, T>
{
    protected override object? ComparerOf(FrozenSet<T> value) => value.Comparer;

    protected override FrozenSet<T> Build(T[] items, KeyComparer comparer) => items.ToFrozenSet(KeyComparers.Equality<T>(comparer));
}

// A set behind an interface arrives as a HashSet; its comparer is kept where it can be seen.
internal sealed class SetInterfaceFormatter<T> : KeyedFormatter<ISet<T>, T, T>
{
    protected override object? ComparerOf(ISet<T> value) => (value as HashSet<T>)?.Comparer;

    protected override ISet<T> Build(T[] items, KeyComparer comparer) => new HashSet<T>(items, KeyComparers.Equality<T>(comparer));
}

internal sealed class ReadOnlySetInterfaceFormatter<T> : KeyedFormatter<IReadOnlySet<T>, T, T>
{
    protected override object? ComparerOf(IReadOnlySet<T> value) => (value as HashSet<T>)?.Comparer;

    protected override IReadOnlySet<T> Build(T[] items, KeyComparer comparer) => new HashSet<T>(items, KeyComparers.Equality<T>(comparer));
}
