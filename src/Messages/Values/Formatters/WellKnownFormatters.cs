using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Actors.Messages.Values;

/// <summary>Writes a framework class as a value of another type.</summary>
public abstract class ConvertedFormatter<T, TCarried> : ValueFormatter<T?>
    where T : class
{
    public sealed override bool IsPlain => true;

    public sealed override void Write(ref ValueWriter writer, T? value)
    {
        writer.WriteRaw(value is null ? (byte)0 : (byte)1);
        if (value is not null)
        {
            writer.WriteValue(ToCarried(value));
        }
    }

    public sealed override T? Read(ref ValueReader reader) => reader.ReadPresence() ? FromCarried(reader.ReadValue<TCarried>()) : null;

    protected abstract TCarried ToCarried(T value);

    protected abstract T FromCarried(TCarried carried);
}

/// <summary>Writes an absolute or relative URI.</summary>
public sealed class UriFormatter : ConvertedFormatter<Uri, string>
{
    protected override string ToCarried(Uri value) => value.OriginalString;

    protected override Uri FromCarried(string carried) => new(carried, UriKind.RelativeOrAbsolute);
}

/// <summary>Writes a version of two to four parts.</summary>
public sealed class VersionFormatter : ConvertedFormatter<Version, string>
{
    protected override string ToCarried(Version value) => value.ToString();

    protected override Version FromCarried(string carried) => Version.Parse(carried);
}

/// <summary>Writes the text of a string builder.</summary>
public sealed class StringBuilderFormatter : ConvertedFormatter<StringBuilder, string>
{
    protected override string ToCarried(StringBuilder value) => value.ToString();

    protected override StringBuilder FromCarried(string carried) => new(carried);
}

/// <summary>Writes a culture by its name. Changes to a copy of a culture are lost.</summary>
public sealed class CultureInfoFormatter : ConvertedFormatter<CultureInfo, string>
{
    protected override string ToCarried(CultureInfo value) => value.Name;

    protected override CultureInfo FromCarried(string carried) => CultureInfo.GetCultureInfo(carried);
}

/// <summary>Writes a bit array: the number of bits, then the bytes.</summary>
public sealed class BitArrayFormatter : ConvertedFormatter<BitArray, (int Count, byte[] Bytes)>
{
    protected override (int Count, byte[] Bytes) ToCarried(BitArray value)
    {
        var bytes = new byte[GetByteCount(value.Count)];
        value.CopyTo(bytes, 0);
        return (value.Count, bytes);
    }

    protected override BitArray FromCarried((int Count, byte[] Bytes) carried) =>
        carried.Count >= 0 && carried.Bytes.Length == GetByteCount(carried.Count)
        ? new BitArray(carried.Bytes) { Length = carried.Count }
        : throw new InvalidDataException($"{carried.Count} bits were announced, and {carried.Bytes.Length} bytes for them.");

    private static int GetByteCount(int count) => (int)(((long)count + 7) / 8);
}

/// <summary>Writes an integer of any size.</summary>
public sealed class BigIntegerFormatter : ValueFormatter<BigInteger>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, BigInteger value) => writer.WriteValue(value.ToByteArray());

    public override BigInteger Read(ref ValueReader reader) => new(reader.ReadValue<byte[]?>() ?? []);
}

/// <summary>Writes a date.</summary>
public sealed class DateOnlyFormatter : ValueFormatter<DateOnly>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, DateOnly value) => writer.WriteRaw(value.DayNumber);

    public override DateOnly Read(ref ValueReader reader) => DateOnly.FromDayNumber(reader.ReadRaw<int>());
}

/// <summary>Writes a time of day.</summary>
public sealed class TimeOnlyFormatter : ValueFormatter<TimeOnly>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, TimeOnly value) => writer.WriteRaw(value.Ticks);

    public override TimeOnly Read(ref ValueReader reader) => new(reader.ReadRaw<long>());
}

/// <summary>Writes a Unicode scalar value.</summary>
public sealed class RuneFormatter : ValueFormatter<Rune>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, Rune value) => writer.WriteRaw(value.Value);

    public override Rune Read(ref ValueReader reader) => new(reader.ReadRaw<int>());
}
