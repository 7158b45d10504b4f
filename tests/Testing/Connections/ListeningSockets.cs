using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Actors.Testing;

/// <summary>Reads the TCP sockets on which the programs of a network namespace listen.</summary>
public static class ListeningSockets
{
    private const string Listening = "0A";
    private const int WordDigits = 8;

    /// <summary>Finds the sockets in the network namespace of a process.</summary>
    public static IReadOnlyList<IPEndPoint> Find(int process) => [.. new[] { "tcp", "tcp6" }
        .Select(table => $"/proc/{process}/net/{table}").Where(File.Exists)
        .SelectMany(table => ParseTable(File.ReadLines(table)))];

    /// <summary>Parses a table in the format of <c>/proc/net/tcp</c>.</summary>
    public static IEnumerable<IPEndPoint> ParseTable(IEnumerable<string> lines) => lines.Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(row => row[3] == Listening)
        .Select(row => ParseEndPoint(row[1]));

    private static IPEndPoint ParseEndPoint(string text)
    {
        var parts = text.Split(':');
        return new IPEndPoint(ParseAddress(parts[0]), int.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    /// <summary>Parses an address. The kernel writes each word of 32 bits as a number in the byte order of the machine.</summary>
    private static IPAddress ParseAddress(string digits)
    {
        var bytes = new byte[digits.Length / 2];
        for (var word = 0; word < digits.Length / WordDigits; word++)
        {
            var number = uint.Parse(digits.AsSpan(word * WordDigits, WordDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var at = bytes.AsSpan(word * sizeof(uint));
            if (BitConverter.IsLittleEndian)
                BinaryPrimitives.WriteUInt32LittleEndian(at, number);
            else
                BinaryPrimitives.WriteUInt32BigEndian(at, number);
        }

        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
