using System.Buffers;
using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Values;
using MemoryPack;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>Arguments, results and managed values of user code.</summary>
internal static partial class ValueTargets
{
    public const string Prefix = "value:";

    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        Of("numbers", new[] { 1, 2, 3 }),
        Of("matrix", new[,] { { 1.5m, 2 }, { 3, 4 } }),
        Of("texts", new Dictionary<string, List<string?>> { ["a"] = ["b", null], ["日本"] = [] }),
        Of("sorted", ImmutableSortedDictionary<string, int?>.Empty.Add("a", 1).Add("b", null)),
        Of("dates", (
            new DateTime(2024, 1, 1), new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), DateOnly.MinValue, TimeOnly.MinValue)),
        Of("framework", (new Uri("http://a"), new BigInteger(5), new Version(1, 2), 'x')),
        Of("node", new Node { Value = 1, Next = new Node { Value = 2 } }),
        Of("set", new HashSet<(int, string)> { (1, "a"), (2, "b") }),
        Of("marked", new[] { new Marked("a", [1, 2], new Marked("é", [], null)) }),
        OfChunk(),
        OfLogs(),
        Of("union", new List<IUnionSample> { new FirstCase("a", new SecondCase(1)), new SecondCase(2) }),
        Of("culture", (CultureInfo.InvariantCulture, 7)),
        Of("bits", (new BitArray([true, false, true]), 7)),
    ];

    private static FuzzTarget<InvalidDataException> Of<T>(string name, T value) =>
        new($"{Prefix}{name}", [ValueSerializer.ToBytes(value).ToArray()], bytes => ValueSerializer.ReadValue<T>(bytes));

    /// <summary>Returns a target for a batch of log records.</summary>
    private static FuzzTarget<InvalidDataException> OfLogs()
    {
        var record = new JobLogRecord(
            Microsoft.Extensions.Logging.LogLevel.Error, "c", 1, "n", "m é", "e", [new("k", "v"), new("null", null)])
        {
            Scopes = [new JobLogScope("s", [new("k", "v")])],
        };
        return new($"{Prefix}logs", [new JobLogBatch(1, "f", "n", 2, [record, record]).ToBytes().ToArray()], bytes =>
        {
            if (!JobLogBatch.TryRead(bytes, out _))
                throw new InvalidDataException("The bytes are no batch.");
        });
    }

    /// <summary>Returns a target for the results of a chunk with one failed call. The reader creates exceptions by reflection.</summary>
    private static FuzzTarget<InvalidDataException> OfChunk()
    {
        var failure = new FailureInfo(
            "System.ArgumentException", "", "m é", "stack", [new("k", "v")], new FailureInfo("I", "A", "", null, [], null),
            [new FailureInfo("M", "", "", null, [], null)], [new FailureValue("o", "n", new byte[] { 1 }, new byte[] { 2 }, "t")]);
        var bytes = new ArrayBufferWriter<byte>();
        ChunkResult.WriteResults(bytes, ["a", "", "c"], [null, failure, null]);
        return new($"{Prefix}chunk", [bytes.WrittenSpan.ToArray()], input =>
        {
            foreach (var outcome in ChunkResult.ReadResults<string?>(input).Outcomes)
                _ = outcome.Failure is { } thrown ? FailureConverter.ToException(thrown, "job 1") : null;
        }, Memory: 256 << 10);
    }

    public sealed class Node
    {
        public int Value { get; set; }

        public Node? Next { get; set; }
    }

    /// <summary>A type of user code with a generated MemoryPack formatter.</summary>
    [MemoryPackable]
    internal sealed partial record Marked(string Name, int[] Numbers, Marked? Next);
}
