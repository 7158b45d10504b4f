using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text;

namespace Actors.Messages.Values;

/// <summary>
/// Lists the formatters of the framework types in <see cref="CarriedTypes"/>.
/// Long tuples have none: they travel by their fields.
/// </summary>
public static class FormatterTable
{
    /// <summary>Generic types and interfaces. The formatters have the same type parameters.</summary>
    public static readonly Dictionary<Type, Type> Generic = new()
    {
        [typeof(Nullable<>)] = typeof(NullableFormatter<>),
        [typeof(KeyValuePair<,>)] = typeof(PairFormatter<,>),
        [typeof(ValueTuple<,>)] = typeof(ValueTupleFormatter<,>),
        [typeof(ValueTuple<,,>)] = typeof(ValueTupleFormatter<,,>),
        [typeof(ValueTuple<,,,>)] = typeof(ValueTupleFormatter<,,,>),
        [typeof(List<>)] = typeof(ListFormatter<>),
        [typeof(LinkedList<>)] = typeof(LinkedListFormatter<>),
        [typeof(Queue<>)] = typeof(QueueFormatter<>),
        [typeof(Stack<>)] = typeof(StackFormatter<>),
        [typeof(HashSet<>)] = typeof(HashSetFormatter<>),
        [typeof(SortedSet<>)] = typeof(SortedSetFormatter<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryFormatter<,>),
        [typeof(SortedDictionary<,>)] = typeof(SortedDictionaryFormatter<,>),
        [typeof(SortedList<,>)] = typeof(SortedListFormatter<,>),
        [typeof(OrderedDictionary<,>)] = typeof(OrderedDictionaryFormatter<,>),
        [typeof(ReadOnlySet<>)] = typeof(ReadOnlySetFormatter<>),
        [typeof(Collection<>)] = typeof(CollectionFormatter<>),
        [typeof(ObservableCollection<>)] = typeof(ObservableCollectionFormatter<>),
        [typeof(ReadOnlyCollection<>)] = typeof(ReadOnlyCollectionFormatter<>),
        [typeof(ReadOnlyDictionary<,>)] = typeof(ReadOnlyDictionaryFormatter<,>),
        [typeof(ConcurrentBag<>)] = typeof(ConcurrentBagFormatter<>),
        [typeof(ConcurrentQueue<>)] = typeof(ConcurrentQueueFormatter<>),
        [typeof(ConcurrentStack<>)] = typeof(ConcurrentStackFormatter<>),
        [typeof(ConcurrentDictionary<,>)] = typeof(ConcurrentDictionaryFormatter<,>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayFormatter<>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListFormatter<>),
        [typeof(ImmutableQueue<>)] = typeof(ImmutableQueueFormatter<>),
        [typeof(ImmutableStack<>)] = typeof(ImmutableStackFormatter<>),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSetFormatter<>),
        [typeof(ImmutableSortedSet<>)] = typeof(ImmutableSortedSetFormatter<>),
        [typeof(ImmutableDictionary<,>)] = typeof(ImmutableDictionaryFormatter<,>),
        [typeof(ImmutableSortedDictionary<,>)] = typeof(ImmutableSortedDictionaryFormatter<,>),
        [typeof(FrozenSet<>)] = typeof(FrozenSetFormatter<>),
        [typeof(FrozenDictionary<,>)] = typeof(FrozenDictionaryFormatter<,>),
        [typeof(IProgress<>)] = typeof(ProgressInterfaceFormatter<>),
        [typeof(Progress<>)] = typeof(ProgressClassFormatter<>),
        [typeof(ArraySegment<>)] = typeof(ArraySegmentFormatter<>),
        [typeof(Memory<>)] = typeof(MemoryFormatter<>),
        [typeof(ReadOnlyMemory<>)] = typeof(ReadOnlyMemoryFormatter<>),
        [typeof(IEnumerable<>)] = typeof(EnumerableFormatter<>),
        [typeof(ICollection<>)] = typeof(CollectionInterfaceFormatter<>),
        [typeof(IReadOnlyCollection<>)] = typeof(ReadOnlyCollectionInterfaceFormatter<>),
        [typeof(IList<>)] = typeof(ListInterfaceFormatter<>),
        [typeof(IReadOnlyList<>)] = typeof(ReadOnlyListInterfaceFormatter<>),
        [typeof(ISet<>)] = typeof(SetInterfaceFormatter<>),
        [typeof(IReadOnlySet<>)] = typeof(ReadOnlySetInterfaceFormatter<>),
        [typeof(IDictionary<,>)] = typeof(DictionaryInterfaceFormatter<,>),
        [typeof(IReadOnlyDictionary<,>)] = typeof(ReadOnlyDictionaryInterfaceFormatter<,>),
    };

    /// <summary>Types without parameters.</summary>
    public static readonly Dictionary<Type, Type> Single = new()
    {
        [typeof(bool)] = typeof(BooleanFormatter),
        [typeof(decimal)] = typeof(DecimalFormatter),
        [typeof(string)] = typeof(StringFormatter),
        [typeof(DateTime)] = typeof(DateTimeFormatter),
        [typeof(DateTimeOffset)] = typeof(DateTimeOffsetFormatter),
        [typeof(DateOnly)] = typeof(DateOnlyFormatter),
        [typeof(TimeOnly)] = typeof(TimeOnlyFormatter),
        [typeof(Uri)] = typeof(UriFormatter),
        [typeof(Version)] = typeof(VersionFormatter),
        [typeof(BigInteger)] = typeof(BigIntegerFormatter),
        [typeof(TimeZoneInfo)] = typeof(TimeZoneFormatter),
        [typeof(StringBuilder)] = typeof(StringBuilderFormatter),
        [typeof(CultureInfo)] = typeof(CultureInfoFormatter),
        [typeof(BitArray)] = typeof(BitArrayFormatter),
        [typeof(Rune)] = typeof(RuneFormatter),
        [typeof(CancellationToken)] = typeof(CancellationTokenFormatter),
        [typeof(IPAddress)] = typeof(IPAddressFormatter),
        [typeof(EndPoint)] = typeof(EndPointFormatter<EndPoint>),
        [typeof(IPEndPoint)] = typeof(EndPointFormatter<IPEndPoint>),
        [typeof(DnsEndPoint)] = typeof(EndPointFormatter<DnsEndPoint>),
        [typeof(UnixDomainSocketEndPoint)] = typeof(EndPointFormatter<UnixDomainSocketEndPoint>),
    };

    /// <summary>Types whose values are copied as bits. Only the arrays of some of them are copied as one block.</summary>
    public static readonly HashSet<Type> Raw =
    [
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(char), typeof(Guid), typeof(TimeSpan), typeof(Half), typeof(Int128), typeof(UInt128),
        typeof(Index), typeof(Range), typeof(Complex), typeof(Vector2), typeof(Vector3), typeof(Vector4), typeof(Quaternion),
        typeof(Plane), typeof(Matrix3x2), typeof(Matrix4x4), typeof(Nothing),
    ];
}
