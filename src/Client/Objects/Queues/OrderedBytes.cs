using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Actors.Messages.Values;

namespace Actors.Objects.Queues;

/// <summary>
/// Serializes values so that their bytes sort in the order of the values. The coordinator does not have the user's types and compares
/// bytes.
/// </summary>
internal static class OrderedBytes
{
    /// <exception cref="ArgumentException">Values of the type cannot be serialized in order.</exception>
    public static void RequireOrdered(Type type)
    {
        if (!CanWrite(type))
        {
            throw new ArgumentException(
                $"{TypeNames.GetFullName(type)} cannot be the priority of a managed queue: the coordinator compares priorities and does "
                + "not have "
                + "your types. "
                + "Use a number, a string, a date or time, an enum, or a value tuple of these.");
        }
    }

    public static byte[] EncodeOrdered<T>(T value)
    {
        var bytes = new List<byte>(sizeof(long));
        WriteValue(bytes, value);
        return [.. bytes];
    }

    private static bool CanWrite(Type type) => type.IsEnum
        || Type.GetTypeCode(type) is not (TypeCode.Object or TypeCode.Decimal or TypeCode.DBNull or TypeCode.Empty)
        || type == typeof(TimeSpan) || type == typeof(DateTimeOffset) || type == typeof(DateOnly)
        || type == typeof(TimeOnly) || type == typeof(Guid)
        || (type.IsValueType && type.IsAssignableTo(typeof(ITuple)) && type.GetGenericArguments().All(CanWrite));

    private static void WriteValue(List<byte> bytes, object? value)
    {
        switch (value)
        {
            case Enum named: WriteValue(bytes, Convert.ChangeType(named, Enum.GetUnderlyingType(named.GetType()), null)); break;
            case null: bytes.Add(0); break;
            case string text: WriteText(bytes, text); break;
            case bool flag: WriteWhole(bytes, flag ? 1UL : 0); break;
            case char character: WriteWhole(bytes, character); break;
            case byte or ushort or uint or ulong: WriteWhole(bytes, Convert.ToUInt64(value, null)); break;
            case sbyte or short or int or long: WriteSigned(bytes, Convert.ToInt64(value, null)); break;
            case float or double: WriteFloating(bytes, Convert.ToDouble(value, null)); break;
            case DateTime time: WriteSigned(bytes, time.Ticks); break;
            case DateTimeOffset time: WriteSigned(bytes, time.UtcTicks); break;
            case TimeSpan time: WriteSigned(bytes, time.Ticks); break;
            case DateOnly date: WriteSigned(bytes, date.DayNumber); break;
            case TimeOnly time: WriteSigned(bytes, time.Ticks); break;
            case Guid id: bytes.AddRange(id.ToByteArray(bigEndian: true)); break;
            case ITuple tuple: WriteParts(bytes, tuple); break;
            default:
                throw new ArgumentException(
                $"{TypeNames.GetFullName(value.GetType())} cannot be part of a priority. Use a number, a string, a date or time, or an "
                + "enum.");
        }
    }

    private static void WriteWhole(List<byte> bytes, ulong value)
    {
        Span<byte> written = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(written, value);
        bytes.AddRange(written);
    }

    private static void WriteSigned(List<byte> bytes, long value) => WriteWhole(bytes, (ulong)value ^ (1UL << 63));

    /// <summary>Writes a floating-point number in the order of .NET: NaN first, and both zeros equal.</summary>
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

    /// <summary>
    /// Writes a string in ordinal order. It ends with a mark below any character, so that the next part of a tuple does not affect its
    /// order.
    /// </summary>
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
            WriteValue(bytes, tuple[i]);
    }
}
