using System.Buffers.Binary;
using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Creates calls that no proxy makes, with any numbers, timeouts and payloads.</summary>
internal static class HostileCalls
{
    private static readonly long[] Numbers =
    [
        long.MinValue, long.MinValue + 1, int.MinValue, -2, -1, 0, 1, 2, 3, 5, int.MaxValue, 1L + int.MaxValue, long.MaxValue - 1,
            long.MaxValue,
    ];

    /// <summary>Creates a call, mostly with one of these operations, sometimes with an unknown one.</summary>
    public static ObjectCall Next(Random random, ObjectOperation[] operations) => new(
        default, Number(random), random.Next(10) == 0 ? (ObjectOperation)random.Next(256) : operations[random.Next(operations.Length)],
        random.Next(2) == 0 ? random.Next(-1, 3) : Number(random), Number(random), Payloads(random));

    private static long Number(Random random) => Numbers[random.Next(Numbers.Length)];

    private static ImmutableArray<ReadOnlyMemory<byte>> Payloads(Random random) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => new ReadOnlyMemory<byte>(Payload(random)))];

    private static byte[] Payload(Random random)
    {
        var bytes = new byte[random.Next(5) switch { 0 => 0, 1 => 4, 2 => 8, 3 => 16, _ => random.Next(40) }];
        for (var at = 0; at + sizeof(long) <= bytes.Length; at += sizeof(long))
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), Number(random));
        if (bytes.Length == sizeof(int))
            BinaryPrimitives.WriteInt32LittleEndian(bytes, unchecked((int)Number(random)));
        return bytes;
    }
}
