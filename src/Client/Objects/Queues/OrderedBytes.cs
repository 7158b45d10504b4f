using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Actors.Messages.Values;

namespace Actors.Objects.Queues;

/// <summary>Writes values so that the order of the bytes is that of the values: the coordinator, which does not have the user's types, can then compare them.</summary>
internal static class OrderedBytes
{
    /// <exception cref="ArgumentException">Values of the type cannot be so written.</exception>
    public static void Require(Type type)
    {
        if (!CanWrite(type))
        {
            throw new ArgumentException(
                $"{TypeNames.Of(type)} cannot be the priority of a managed queue: the coordinator compares priorities and does not have your types. "
                + "Take a number, text, a date or time, an enum, or a value tuple of such.");
        }
    }

    public static byte[] Of<T>(T value)
    {
        var bytes = new List<byte>(sizeof(long));
        Write(bytes, value);
        return [.. bytes];
    }

    private static bool CanWrite(Type type) => type.IsEnum
        || Type.GetTypeCode(type) is not (TypeCode.Object or TypeCode.Decimal or TypeCode.DBNull or TypeCode.Empty)
        || type == typeof(TimeSpan) || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(Guid)
        || (type.IsValueType && type.IsAssignableTo(typeof(ITuple)) && type.GetGenericArguments().All(CanWrite));

    private static void Write(List<byte> bytes, object? value)
    {
        switch (value)
        {
            case Enum named: Write(bytes, Convert.ChangeType(named, Enum.GetUnderlyingType(named.GetType()), null)); break;
            case null: bytes.Add(0); break;
            case string text: WriteText(bytes, text); break;
            case bool or byte or char or ushort or uint or ulong: WriteWhole(bytes, value is bool flag ? flag ? 1UL : 0 : value is char one ? one : Convert.ToUInt64(value, null)); break;
            case sbyte or short or int or long: WriteSigned(bytes, Convert.ToInt64(value, null)); break;
            case float or double: WriteFloating(bytes, Convert.ToDouble(value, null)); break;
            case DateTime time: WriteSigned(bytes, time.Ticks); break;
            case DateTimeOffset time: WriteSigned(bytes, time.UtcTicks); break;
            case TimeSpan time: WriteSigned(bytes, time.Ticks); break;
            case DateOnly date: WriteSigned(bytes, date.DayNumber); break;
            case TimeOnly time: WriteSigned(bytes, time.Ticks); break;
            case Guid id: bytes.AddRange(id.ToByteArray(bigEndian: true)); break;
            case ITuple tuple: WriteParts(bytes, tuple); break;
            default: throw new ArgumentException($"A {TypeNames.Of(value.GetType())} has no order that others could know.");
        }
    }

    private static void WriteWhole(List<byte> bytes, ulong value)
    {
        Span<byte> written = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(written, value);
        bytes.AddRange(written);
    }

    private static void WriteSigned(List<byte> bytes, long value) => WriteWhole(bytes, (ulong)value ^ (1UL << 63));

    /// <summary>As .NET compares: NaN before all, the two zeros equal.</summary>
    private static void WriteFloating(List<byte> bytes, double value)
    {
        if (double.IsNaN(value))
        {
            WriteWhole(bytes, 0);
            return;
        }

        var bits = BitConverter.DoubleToUInt64Bits(value == 0 ? 0 : value);
        WriteWhole(bytes, bits >> 63 == 0 ? bits | (1UL << 63) : ~bits);
    }

    /// <summary>Ordinal. After each text an end that is less than any character, so that what follows it in a tuple does not count before it.</summary>
    private static void WriteText(List<byte> bytes, string text)
    {
        bytes.Add(1);
        foreach (var one in text)
        {
            bytes.Add((byte)(one >> 8));
            bytes.Add((byte)one);
            if (one == 0)
                bytes.AddRange([0, 1]);
        }

        bytes.AddRange([0, 0, 0, 0]);
    }

    private static void WriteParts(List<byte> bytes, ITuple tuple)
    {
        for (var i = 0; i < tuple.Length; i++)
            Write(bytes, tuple[i]);
    }
}
