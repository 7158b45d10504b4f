using System.Collections;
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
        new OwnWrapper(new Dictionary<string, int>(Pairs, Ignoring)),
        new DescribedDictionary(new Dictionary<string, int>(Pairs, Ignoring), Ignoring),
    }.Select(dictionary => new object[] { dictionary });

    public static IEnumerable<object[]> Sets() => new IReadOnlySet<string>[]
    {
        new HashSet<string>(["key", "Apple"], Ignoring),
        new SortedSet<string>(["key", "Apple"], Ignoring),
        ImmutableHashSet.Create<string>(Ignoring, "key", "Apple"),
        ImmutableSortedSet.Create<string>(Ignoring, "key", "Apple"),
        new[] { "key", "Apple" }.ToFrozenSet(Ignoring),
        new ReadOnlySet<string>(new HashSet<string>(["key", "Apple"], Ignoring)),
        new OwnSetWrapper(new HashSet<string>(["key", "Apple"], Ignoring)),
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
    [MemberData(nameof(Dictionaries))]
    public void Dictionary_BehindASequence_FindsAsBefore(object dictionary)
    {
        var pairs = (ICollection<KeyValuePair<string, int>>)dictionary;
        var wanted = new KeyValuePair<string, int>("KEY", 1);

        var back = Carried.RoundTrip(pairs);

        Assert.Equal(pairs.Contains(wanted), back.Contains(wanted));
        Assert.Equal(pairs, back);
        Assert.Equal(pairs, Carried.RoundTrip<IEnumerable<KeyValuePair<string, int>>>(pairs));
        Assert.Equal(
            pairs.Contains(wanted), Carried.RoundTrip((IReadOnlyCollection<KeyValuePair<string, int>>)dictionary).Contains(wanted));
    }

    /// <summary>The lookups of such a class cannot be repeated, so it must not arrive as a dictionary with the default comparer.</summary>
    [Fact]
    public void UnknownComparer_IsRefused_WithTheRemedy()
    {
        Refused<IReadOnlyDictionary<string, int>>(new UnknownDictionary(new Dictionary<string, int>(Pairs, Ignoring)));
        Refused<IDictionary<string, int>>(new UnknownDictionary(new Dictionary<string, int>(Pairs, Ignoring)));
        Refused<IReadOnlyDictionary<string, int>>(
            new OwnWrapper(new UnknownDictionary(new Dictionary<string, int>(Pairs, Ignoring))));
        Assert.Contains(
            "add a property named Comparer of type IEqualityComparer<String>",
            Assert.Throws<NotCarriedException>(
                () => ValueSerializer.ToBytes<IDictionary<string, int>>(new UnknownDictionary(new Dictionary<string, int>()))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ListWithAComparer_IsRefused_InAWrapper()
    {
        Refused(new ReadOnlyCollection<string>(ImmutableSortedSet.Create<string>(Ignoring, "a")));
        Refused<IList<KeyValuePair<string, int>>>(new OrderedDictionary<string, int>(Pairs, Ignoring));
        Assert.Equal(["a"], Carried.RoundTrip(new ReadOnlyCollection<string>(["a"])));
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
        IDictionary<string, int> immutable = ImmutableDictionary.CreateRange(Ignoring, Pairs);
        Assert.True(Carried.RoundTrip(immutable.Keys).Contains("KEY"));
        IDictionary<string, int> sorted = ImmutableSortedDictionary.CreateRange(Ignoring, Pairs);
        Assert.True(Carried.RoundTrip(sorted.Keys).Contains("KEY"));
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

    private sealed class OwnWrapper(IDictionary<string, int> inner) : ReadOnlyDictionary<string, int>(inner);

    private sealed class OwnSetWrapper(ISet<string> inner) : ReadOnlySet<string>(inner);

    /// <summary>Nothing tells how it finds its keys.</summary>
    private class UnknownDictionary(IDictionary<string, int> inner) : IDictionary<string, int>, IReadOnlyDictionary<string, int>
    {
        public ICollection<string> Keys => inner.Keys;

        public ICollection<int> Values => inner.Values;

        public int Count => inner.Count;

        public bool IsReadOnly => inner.IsReadOnly;

        IEnumerable<string> IReadOnlyDictionary<string, int>.Keys => Keys;

        IEnumerable<int> IReadOnlyDictionary<string, int>.Values => Values;

        public int this[string key]
        {
            get => inner[key];
            set => inner[key] = value;
        }

        public void Add(string key, int value) => inner.Add(key, value);

        public void Add(KeyValuePair<string, int> item) => inner.Add(item);

        public void Clear() => inner.Clear();

        public bool Contains(KeyValuePair<string, int> item) => inner.Contains(item);

        public bool ContainsKey(string key) => inner.ContainsKey(key);

        public void CopyTo(KeyValuePair<string, int>[] array, int arrayIndex) => inner.CopyTo(array, arrayIndex);

        public IEnumerator<KeyValuePair<string, int>> GetEnumerator() => inner.GetEnumerator();

        public bool Remove(string key) => inner.Remove(key);

        public bool Remove(KeyValuePair<string, int> item) => inner.Remove(item);

        public bool TryGetValue(string key, out int value) => inner.TryGetValue(key, out value);

        IEnumerator IEnumerable.GetEnumerator() => inner.GetEnumerator();
    }

    /// <summary>The property tells the comparer, with a type derived from the interface.</summary>
    private sealed class DescribedDictionary(IDictionary<string, int> inner, StringComparer comparer) : UnknownDictionary(inner)
    {
        public StringComparer Comparer { get; } = comparer;
    }
}
