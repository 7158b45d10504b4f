namespace Actors.Messages.Values;

/// <summary>
/// The table of framework types that travel, by the names of their definitions. <c>FormatterTable</c> has a formatter for each. Other
/// framework types are refused.
/// </summary>
public static class CarriedTypes
{
    /// <summary>The names, without those of tuples.</summary>
    public static readonly HashSet<string> Names =
    [
        .. InNamespace(
            "System",
            "Boolean", "Byte", "SByte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Int128", "UInt128", "Half", "Single",
            "Double", "Decimal", "Char", "String", "Guid", "TimeSpan", "DateTime", "DateTimeOffset", "DateOnly", "TimeOnly", "TimeZoneInfo",
            "Index", "Range", "Uri", "Version", "Nullable`1", "ArraySegment`1", "Memory`1", "ReadOnlyMemory`1",
            "IProgress`1", "Progress`1"),
        .. InNamespace(
            "System.Numerics",
            "BigInteger", "Complex", "Vector2", "Vector3", "Vector4", "Quaternion", "Plane", "Matrix3x2", "Matrix4x4"),
        .. InNamespace("System.Text", "StringBuilder", "Rune"),
        .. InNamespace("System.Globalization", "CultureInfo"),
        .. InNamespace("System.Threading", "CancellationToken"),
        .. InNamespace("System.Net", "IPAddress", "EndPoint", "IPEndPoint", "DnsEndPoint"),
        .. InNamespace("System.Net.Sockets", "UnixDomainSocketEndPoint"),
        .. InNamespace("System.Collections", "BitArray"),
        .. InNamespace(
            "System.Collections.Generic",
            "KeyValuePair`2", "List`1", "LinkedList`1", "Queue`1", "Stack`1", "HashSet`1", "SortedSet`1", "Dictionary`2",
            "SortedDictionary`2", "SortedList`2", "OrderedDictionary`2", "IEnumerable`1", "ICollection`1", "IReadOnlyCollection`1",
            "IList`1", "IReadOnlyList`1", "ISet`1", "IReadOnlySet`1", "IDictionary`2", "IReadOnlyDictionary`2"),
        .. InNamespace(
            "System.Collections.ObjectModel",
            "ReadOnlySet`1", "Collection`1", "ObservableCollection`1", "ReadOnlyCollection`1", "ReadOnlyDictionary`2"),
        .. InNamespace(
            "System.Collections.Concurrent",
            "ConcurrentBag`1", "ConcurrentQueue`1", "ConcurrentStack`1", "ConcurrentDictionary`2"),
        .. InNamespace(
            "System.Collections.Immutable",
            "ImmutableArray`1", "ImmutableList`1", "ImmutableQueue`1", "ImmutableStack`1", "ImmutableHashSet`1", "ImmutableSortedSet`1",
            "ImmutableDictionary`2", "ImmutableSortedDictionary`2"),
        .. InNamespace("System.Collections.Frozen", "FrozenSet`1", "FrozenDictionary`2"),
    ];

    /// <summary>Whether a framework type, given by the name of its definition, travels.</summary>
    public static bool Contains(string definition) => Names.Contains(definition) || IsTuple(definition);

    /// <summary>Whether the name is that of a tuple. Tuples travel by their fields, like user types.</summary>
    public static bool IsTuple(string definition) =>
        definition.StartsWith("System.Tuple`", StringComparison.Ordinal)
        || definition.StartsWith("System.ValueTuple", StringComparison.Ordinal);

    private static IEnumerable<string> InNamespace(string name, params string[] types) => types.Select(type => $"{name}.{type}");
}
