using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using Actors.Messages.Values;

#pragma warning disable xUnit2017 // The collection's own Contains, which uses its comparer, is tested.

namespace Actors.Messages.Tests.Values;

/// <summary>The comparer of a collection is carried or refused, for any declared type.</summary>
public class CollectionComparerTests
{
    private static readonly StringComparer Ignoring = StringComparer.OrdinalIgnoreCase;

    private static readonly IComparer<string> Descending = Comparer<string>.Create((a, b) => string.CompareOrdinal(b, a));

    private static readonly KeyValuePair<string, int>[] Pairs = [new("key", 1), new("Apple", 2)];

    public static IEnumerable<object[]> Dictionaries() => new IReadOnlyDictionary<string, int>[]
    {
        new Dictionary<string, int>(Pairs, Ignoring),
        new SortedDictionary<string, int>(Pairs.ToDictionary(), Ignoring),
        new SortedList<string, int>(Pairs.ToDictionary(), Ignoring),
        new ConcurrentDictionary<string, int>(Pairs, Ignoring),
        new OrderedDictionary<string, int>(Pairs, Ignoring),
        ImmutableDictionary.CreateRange(Ignoring, Pairs),
        ImmutableSortedDictionary.CreateRange(Ignoring, Pairs),
        Pairs.ToFrozenDictionary(Ignoring),
        new ReadOnlyDictionary<string, int>(new Dictionary<string, int>(Pairs, Ignoring)),
        new ReadOnlyDictionary<string, int>(
            new ReadOnlyDictionary<string, int>(new SortedList<string, int>(Pairs.ToDictionary(), Ignoring))),
        new OwnDictionary(Ignoring) { ["key"] = 1, ["Apple"] = 2 },
    }.Select(dictionary => new object[] { dictionary });

    public static IEnumerable<object[]> Sets() => new IReadOnlySet<string>[]
    {
        new HashSet<string>(["key", "Apple"], Ignoring),
        new SortedSet<string>(["key", "Apple"], Ignoring),
        ImmutableHashSet.Create<string>(Ignoring, "key", "Apple"),
        ImmutableSortedSet.Create<string>(Ignoring, "key", "Apple"),
        new[] { "key", "Apple" }.ToFrozenSet(Ignoring),
        new ReadOnlySet<string>(new HashSet<string>(["key", "Apple"], Ignoring)),
    }.Select(set => new object[] { set });

    [Theory]
    [MemberData(nameof(Dictionaries))]
    public void Dictionary_BehindAnInterface_FindsAsBefore(object dictionary)
    {
        Finds(Carried.RoundTrip((IReadOnlyDictionary<string, int>)dictionary), dictionary);
        Finds((IReadOnlyDictionary<string, int>)Carried.RoundTrip((IDictionary<string, int>)dictionary), dictionary);
        Finds(Carried.RoundTrip(new ReadOnlyDictionary<string, int>((IDictionary<string, int>)dictionary)), dictionary);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Set_BehindAnInterface_FindsAsBefore(object set)
    {
        Assert.True(Carried.RoundTrip((IReadOnlySet<string>)set).Contains("KEY"));
        Assert.True(Carried.RoundTrip((ISet<string>)set).Contains("KEY"));
        Assert.True(Carried.RoundTrip((IReadOnlyCollection<string>)set).Contains("KEY"));
        Assert.True(Carried.RoundTrip((ICollection<string>)set).Contains("KEY"));
        Assert.Equal((IEnumerable<string>)set, Carried.RoundTrip((IEnumerable<string>)set));
    }

    [Fact]
    public void KeysOfADictionary_FindAsBefore()
    {
        Assert.Contains("KEY", Carried.RoundTrip<ICollection<string>>(new Dictionary<string, int>(Pairs, Ignoring).Keys));
        Assert.True(
            Carried.RoundTrip<IEnumerable<string>>(new SortedDictionary<string, int>(Pairs.ToDictionary(), Ignoring).Keys).Contains("KEY"));
        Assert.Equal(["key"], Carried.RoundTrip<IEnumerable<string>>(new Dictionary<string, int> { ["key"] = 1 }.Keys));
    }

    [Fact]
    public void Order_BehindAnInterface_IsKept()
    {
        var back = Carried.RoundTrip<IDictionary<int, string>>(new SortedDictionary<int, string> { [3] = "c", [1] = "a" });
        back.Add(2, "b");
        Assert.Equal([1, 2, 3], back.Keys);
        var set = Carried.RoundTrip<ISet<int>>(new SortedSet<int> { 3, 1 });
        set.Add(2);
        Assert.Equal([1, 2, 3], set);
    }

    [Fact]
    public void ComparerOfItsOwn_IsRefused_WhateverIsDeclared()
    {
        var sorted = new SortedDictionary<string, int>(Pairs.ToDictionary(), Descending);
        Refused<IDictionary<string, int>>(sorted);
        Refused<IReadOnlyDictionary<string, int>>(sorted);
        Refused(new ReadOnlyDictionary<string, int>(sorted));
        Refused<IReadOnlyDictionary<string, int>>(new ReadOnlyDictionary<string, int>(sorted));
        Refused<IReadOnlyDictionary<string, int>>(new SortedList<string, int>(Pairs.ToDictionary(), Descending));
        Refused<IReadOnlyDictionary<string, int>>(ImmutableSortedDictionary.CreateRange(Descending, Pairs));
        Refused<ISet<string>>(new SortedSet<string>(Descending) { "a" });
        Refused<IEnumerable<string>>(new SortedSet<string>(Descending) { "a" });
        Refused<IReadOnlyList<string>>(ImmutableSortedSet.Create(Descending, "a"));
        Refused<IList<string>>(ImmutableSortedSet.Create(Ignoring, "a"));
        Refused<IEnumerable<string>>(sorted.Keys);
        Refused(new OrderedDictionary<string, int>(StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.IgnoreSymbols)));
        Refused(ImmutableDictionary.Create<int, string>(null, Ignoring).Add(1, "a"));
        Refused(ImmutableSortedDictionary.Create<int, string>(null, Ignoring).Add(1, "a"));
    }

    [Fact]
    public void NewerCollections_ComeBack()
    {
        var ordered = Carried.RoundTrip(new OrderedDictionary<string, int>(Pairs, Ignoring));
        Assert.Equal(Pairs, ordered.ToArray());
        Assert.Equal(1, ordered["KEY"]);
        Assert.True(Carried.RoundTrip(new ReadOnlySet<string>(new HashSet<string>(["key"], Ignoring))).Contains("KEY"));
    }

    private static void Finds(IReadOnlyDictionary<string, int> back, object dictionary)
    {
        Assert.Equal((1, 2), (back["KEY"], back["APPLE"]));
        Assert.Equal(((IReadOnlyDictionary<string, int>)dictionary).Keys, back.Keys);
    }

    private static void Refused<T>(T value) =>
        Assert.Contains(
            "comparer", Assert.Throws<NotCarriedException>(() => ValueSerializer.ToBytes(value)).Message, StringComparison.Ordinal);

    private sealed class OwnDictionary(IEqualityComparer<string> comparer) : Dictionary<string, int>(comparer);
}
