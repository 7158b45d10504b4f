using System.Buffers.Binary;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>Changes valid bytes to malformed ones. The result depends only on the seed and the number.</summary>
internal sealed class Mutator(int seed)
{
    private const int LongestRandom = 256;
    private const int LongestInput = 64 * 1024;

    /// <summary>Lengths at the limits of the readers' arithmetic.</summary>
    private static readonly int[] Lengths =
    [
        int.MinValue, int.MinValue + 1, int.MinValue + 2, int.MinValue + 3, int.MinValue + 4, -1 << 30, -4097, -5, -4, -3, -2, -1, 0, 1, 2,
        127, 128,
        254, 255, 256, 65535, 65536, 1 << 20, 1 << 24, 1 << 28, 1 << 29, 1 << 30, int.MaxValue / 2, int.MaxValue - 4, int.MaxValue - 1,
        int.MaxValue,
    ];

    /// <summary>Heads of variable-length integers, null and empty headers.</summary>
    private static readonly byte[] Heads = [0, 1, 2, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0xfa, 0xfb, 0xfc, 0xfe,
        0xff];

    /// <summary>Creates the input with a number.</summary>
    public byte[] Make(IReadOnlyList<byte[]> samples, int number)
    {
        var random = new Random(HashCode(seed, number));
        if (samples.Count == 0 || random.Next(20) == 0)
            return Randomized(random);
        var bytes = (byte[])samples[random.Next(samples.Count)].Clone();
        if (random.Next(4) == 0)
            bytes = bytes[..random.Next(bytes.Length + 1)];
        for (var change = random.Next(1, 4); change > 0; change--)
            bytes = Change(random, bytes);
        return bytes;
    }

    private static byte[] Randomized(Random random)
    {
        var bytes = new byte[random.Next(LongestRandom)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Change(Random random, byte[] bytes)
    {
        if (bytes.Length == 0)
            return Randomized(random);
        var at = random.Next(bytes.Length);
        switch (random.Next(8))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: bytes[at] = Heads[random.Next(Heads.Length)]; break;
            case 3 or 4 or 5:
                WriteLength(
                bytes, at, random.Next(3) == 0 ? bytes.Length + random.Next(-8, 9) : Lengths[random.Next(Lengths.Length)]); break;
            case 6: return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(Math.Min(bytes.Length, at + random.Next(1, 16)))];
            default: return bytes.Length < LongestInput ? [.. bytes.AsSpan(0, at), .. bytes.AsSpan(random.Next(at + 1))] : bytes;
        }

        return bytes;
    }

    private static void WriteLength(byte[] bytes, int at, int length)
    {
        Span<byte> written = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(written, length);
        written[..Math.Min(sizeof(int), bytes.Length - at)].CopyTo(bytes.AsSpan(at));
    }

    /// <summary>A stable hash code; <see cref="System.HashCode"/> differs in every process.</summary>
    private static int HashCode(int seed, int number) => unchecked((seed * 486187739) ^ (number * -1640531527));
}
