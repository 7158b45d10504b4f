using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

#pragma warning disable xUnit2017 // The collection's own Contains is tested.

namespace Actors.Messages.Tests.Values;

/// <summary>Keys with an equality of their own, which the receiver must use with hash codes of its own.</summary>
public class OwnEqualsTests
{
    private static readonly Name Given = new("Ann", 1);

    /// <summary>Equal to the other by the rule of the record, with another content.</summary>
    private static readonly Name Equal = new("ANN", 2);

    private static readonly KeyValuePair<Name, int>[] Pairs = [new(Given, 5), new(new Name("Bob", 1), 6)];

    [Fact]
    public void Dictionary_KeyHasOwnEquals_FindsEqualKeys()
    {
        Finds(Carried.RoundTrip(new Dictionary<Name, int>(Pairs)));
        Finds(Carried.RoundTrip(new SortedDictionary<Name, int>(Pairs.ToDictionary())));
        Finds(Carried.RoundTrip(new SortedList<Name, int>(Pairs.ToDictionary())));
        Finds(Carried.RoundTrip(new ConcurrentDictionary<Name, int>(Pairs)));
        Finds(Carried.RoundTrip(new OrderedDictionary<Name, int>(Pairs)));
        Finds(Carried.RoundTrip(Pairs.ToFrozenDictionary()));
        Finds(Carried.RoundTrip(Pairs.ToImmutableDictionary()));
        Finds(Carried.RoundTrip(Pairs.ToImmutableSortedDictionary()));
        Finds(Carried.RoundTrip(new ReadOnlyDictionary<Name, int>(new Dictionary<Name, int>(Pairs))));
        Finds(Carried.RoundTrip<IReadOnlyDictionary<Name, int>>(new Dictionary<Name, int>(Pairs)));
    }

    [Fact]
    public void Set_ItemHasOwnEquals_FindsEqualItems()
    {
        Name[] names = [Given, new("Bob", 1)];
        Assert.True(Carried.RoundTrip(new HashSet<Name>(names)).Contains(Equal));
        Assert.True(Carried.RoundTrip(new SortedSet<Name>(names)).Contains(Equal));
        Assert.True(Carried.RoundTrip(names.ToFrozenSet()).Contains(Equal));
        Assert.True(Carried.RoundTrip(names.ToImmutableHashSet()).Contains(Equal));
        Assert.True(Carried.RoundTrip(names.ToImmutableSortedSet()).Contains(Equal));
        Assert.True(Carried.RoundTrip<IReadOnlySet<Name>>(new HashSet<Name>(names)).Contains(Equal));
        Assert.True(Carried.RoundTrip<ICollection<Name>>(names.ToList()).Contains(Equal));
    }

    [Fact]
    public void Value_HasOwnEquals_KeepsItsContent() => Assert.Equal(("Ann", 1), Carried.RoundTrip(Given).Content);

    private static void Finds(IReadOnlyDictionary<Name, int> back)
    {
        Assert.Equal((2, 5), (back.Count, back[Equal]));
        Assert.False(back.ContainsKey(new Name("Eve", 1)));
    }

    internal sealed record Name(string Text, int Version) : IComparable<Name>
    {
        public (string Text, int Version) Content => (Text, Version);

        public bool Equals(Name? other) => CompareTo(other) == 0;

        public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Text);

        public int CompareTo(Name? other) => StringComparer.OrdinalIgnoreCase.Compare(Text, other?.Text);
    }
}
