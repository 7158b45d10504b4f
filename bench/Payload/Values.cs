using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Payload;

/// <summary>The functions of the jobs. They take little time, because the time of the transfer is measured.</summary>
internal static class Values
{
    private static byte[] _created = [];

    public static int Square(int x) => x * x;

    public static int CountBytes(byte[] bytes) => bytes.Length;

    public static string HashBytes(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    /// <summary>Gets bytes that no compression and no page of zeros makes smaller. They are created once in each process.</summary>
    public static byte[] GetBytes(int length)
    {
        var created = Volatile.Read(ref _created);
        if (created.Length != length)
            Volatile.Write(ref _created, created = CreateBytes(length));
        return created;
    }

    private static byte[] CreateBytes(int length)
    {
        var bytes = new byte[length];
        var numbers = MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan());
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (ulong)(i + 1) * 0x9E3779B97F4A7C15;
        return bytes;
    }
}
