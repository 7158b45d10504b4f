using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using CsCheck;

namespace Actors.Messages.Tests.Values;

public class RoundTripTests
{
    [Fact]
    public void Primitives_OfAnyValue_ComeBack()
    {
        Same(Gen.Bool);
        Same(Gen.Byte);
        Same(Gen.SByte);
        Same(Gen.Short);
        Same(Gen.UShort);
        Same(Gen.Int);
        Same(Gen.UInt);
        Same(Gen.Long);
        Same(Gen.ULong);
        Same(Gen.Float);
        Same(Gen.Double);
        Same(Gen.Decimal);
        Same(Gen.Char);
        Same(Gen.Guid);
        Same(Gen.DateTime);
        Same(Gen.TimeSpan);
        Same(Gen.DateTimeOffset);
        Same(Gen.DateOnly);
        Same(Gen.TimeOnly);
        Same(Gen.String);
        Same(Gen.Int.Nullable());
        Same(Gen.Byte.Array.Select(bytes => new BigInteger(bytes)));
    }

    [Fact]
    public void Collections_OfAnyValue_ComeBack()
    {
        SameItems<byte[], byte>(Gen.Byte.Array);
        SameItems<bool[], bool>(Gen.Bool.Array);
        SameItems<decimal[], decimal>(Gen.Decimal.Array);
        SameItems<string[], string>(Gen.String.Array);
        SameItems<List<long>, long>(Gen.Long.List);
        SameItems<HashSet<string>, string>(Gen.String.HashSet);
        SameItems<Dictionary<string, int>, KeyValuePair<string, int>>(Gen.Dictionary(Gen.String, Gen.Int));
        Same(Gen.Select(Gen.Int, Gen.String));
        Same(Gen.Select(Gen.Int, Gen.String, Gen.Double, Gen.Bool));
    }

    [Fact]
    public void Strings_WithLoneSurrogates_ComeBack()
    {
        foreach (var text in new[] { null, "", "plain", "é", "日本語", "\ud800", "a\udfffb", "👍", "\0" })
        {
            Assert.Equal(text, Carried.RoundTrip(text));
        }
    }

    [Fact]
    public void FrameworkTypes_OfEveryKind_ComeBack()
    {
        Equal(Color.Blue);
        Equal<Color?>(null);
        Equal(new[] { Color.Red, Color.Blue });
        Equal(Int128.MinValue);
        Equal(new Rune('x'));
        Equal(new Uri("https://example.com/a b?c"));
        Equal(new Uri("relative/path", UriKind.Relative));
        Equal(new Version(1, 2, 3));
        Equal(IPAddress.Parse("fe80::1%3"));
        Equal<EndPoint>(new IPEndPoint(IPAddress.IPv6Any, 80));
        Equal(new IPEndPoint(IPAddress.Loopback, 0));
        Equal(new DnsEndPoint("localhost", 80, AddressFamily.InterNetworkV6));
        Equal<EndPoint>(new UnixDomainSocketEndPoint("/tmp/socket ü"));
        Equal(new UnixDomainSocketEndPoint("\0abstract"));
        Equal<EndPoint?>(null);
        Equal(new Complex(1, 2));
        Equal(new Vector3(1, 2, 3));
        Equal(1..^2);
        Equal(Tuple.Create(1, "two", 3.0));
        Equal((1, 2, 3, 4, 5, 6, 7, 8, "nine"));
        Equal(ValueTuple.Create(5));
        Equal(KeyValuePair.Create("k", 1));
        Equal(TimeZoneInfo.Utc);
        Assert.Equal("built", Carried.RoundTrip(new StringBuilder("built")).ToString());
        var local = new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Local);
        Assert.Equal((local, DateTimeKind.Local), (Carried.RoundTrip(local), Carried.RoundTrip(local).Kind));
    }

    [Fact]
    public void CollectionTypes_OfEveryKind_ComeBackInOrder()
    {
        int[] items = [3, 1, 2];
        Equal(new LinkedList<int>(items));
        Equal(new Queue<int>(items));
        Equal(new Stack<int>(items));
        Equal(new SortedSet<int>(items));
        Equal(new Collection<int>(items));
        Equal(new ObservableCollection<int>(items));
        Equal(new ReadOnlyCollection<int>(items));
        Equal(new ConcurrentQueue<int>(items));
        Equal(new ConcurrentStack<int>(items));
        Equal(new ConcurrentBag<int>(items));
        Equal(ImmutableList.Create(items));
        Equal(ImmutableQueue.Create(items));
        Equal(ImmutableStack.Create(items));
        Assert.Equal(items, Carried.RoundTrip(ImmutableArray.Create(items)).ToArray());
        Equal(ImmutableSortedSet.Create(items));
        Equal(items.ToImmutableHashSet());
        Equal(items.ToFrozenSet());
        Equal<IEnumerable<int>>(items.Where(item => item > 1));
        Equal<IReadOnlyList<int>>(items);
        Equal<IReadOnlyCollection<int>>(items);
        Equal<ICollection<int>>(items);
        Equal<IList<int>>(items);
        Assert.True(Carried.RoundTrip(default(ImmutableArray<int>)).IsDefault);
        Assert.Equal(items, Carried.RoundTrip<Memory<int>>(items).ToArray());
        Assert.Equal(items, Carried.RoundTrip<ReadOnlyMemory<int>>(items).ToArray());
        Assert.Equal([1, 2], Carried.RoundTrip(new ArraySegment<int>(items, 1, 2)).ToArray());
        Assert.Null(Carried.RoundTrip<List<int>?>(null));
    }

    [Fact]
    public void DictionaryTypes_OfEveryKind_ComeBack()
    {
        var pairs = new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 };
        Equal(new SortedDictionary<string, int>(pairs));
        Equal(new SortedList<string, int>(pairs));
        Equal(new ConcurrentDictionary<string, int>(pairs));
        Equal(pairs.ToImmutableDictionary());
        Equal(pairs.ToImmutableSortedDictionary());
        Equal(pairs.ToFrozenDictionary());
        Equal(new ReadOnlyDictionary<string, int>(pairs));
        Equal<IDictionary<string, int>>(pairs);
        Equal<IReadOnlyDictionary<string, int>>(pairs);
        Equal<ISet<int>>(new HashSet<int> { 1 });
        Equal<IReadOnlySet<int>>(new HashSet<int> { 1 });
    }

    [Fact]
    public void Dictionary_ThatIgnoresCase_StillDoes()
    {
        var back = Carried.RoundTrip(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["Key"] = 1 });
        Assert.Equal(1, back["KEY"]);
        Assert.Equal(
            2, Carried.RoundTrip(new SortedDictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1, ["B"] = 2 }).First().Value);
    }

    [Fact]
    public void Array_OfSeveralDimensions_ComesBack()
    {
        var array = new[,] { { 1, 2, 3 }, { 4, 5, 6 } };
        Assert.Equal(array, Carried.RoundTrip(array));
        var texts = new string?[2, 1, 2] { { { "a", null } }, { { "b", "c" } } };
        Assert.Equal(texts, Carried.RoundTrip(texts));
        int[][] jagged = [[1], [], [2, 3]];
        Assert.Equal(jagged, Carried.RoundTrip(jagged));
        Assert.Equal(5, Carried.RoundTrip(new int[0, 5]).GetLength(1));
    }

    [Fact]
    public void LargeArray_ComesBack()
    {
        var bytes = new byte[64 * 1024 * 1024];
        bytes[^1] = 9;
        var back = Carried.RoundTrip(bytes);
        Assert.True(bytes.AsSpan().SequenceEqual(back));
    }

    private static void Same<T>(Gen<T> gen) =>
        gen.Sample(value => EqualityComparer<T>.Default.Equals(Carried.RoundTrip(value), value), iter: 200);

    private static void SameItems<T, TItem>(Gen<T> gen)
        where T : IEnumerable<TItem> =>
        gen.Sample(value => Carried.RoundTrip(value).SequenceEqual(value), iter: 200);

    private static void Equal<T>(T value) => Assert.Equal(value, Carried.RoundTrip(value));
}
