using System.Collections.Immutable;
using System.Numerics;
using Actors.Messages.Values;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>Arguments, results and managed values of user code.</summary>
internal static class ValueTargets
{
    public const string Prefix = "value:";

    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        Of("numbers", new[] { 1, 2, 3 }),
        Of("matrix", new[,] { { 1.5m, 2 }, { 3, 4 } }),
        Of("texts", new Dictionary<string, List<string?>> { ["a"] = ["b", null], ["日本"] = [] }),
        Of("sorted", ImmutableSortedDictionary<string, int?>.Empty.Add("a", 1).Add("b", null)),
        Of("dates", (new DateTime(2024, 1, 1), new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), DateOnly.MinValue, TimeOnly.MinValue)),
        Of("framework", (new Uri("http://a"), new BigInteger(5), new Version(1, 2), 'x')),
        Of("node", new Node { Value = 1, Next = new Node { Value = 2 } }),
        Of("set", new HashSet<(int, string)> { (1, "a"), (2, "b") }),
    ];

    private static FuzzTarget<InvalidDataException> Of<T>(string name, T value) =>
        new($"{Prefix}{name}", [ValueSerializer.ToBytes(value).ToArray()], bytes => ValueSerializer.Read<T>(bytes));

    public sealed class Node
    {
        public int Value { get; set; }

        public Node? Next { get; set; }
    }
}
