namespace Actors.Messages.Values;

/// <summary>True or false; any byte but 0 is true, so that no bool ever holds other bits.</summary>
internal sealed class BooleanFormatter : ValueFormatter<bool>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, bool value) => writer.WriteRaw(value ? (byte)1 : (byte)0);

    internal override bool Read(ref ValueReader reader) => reader.ReadRaw<byte>() != 0;
}

/// <summary>A decimal, its parts checked on the way in.</summary>
internal sealed class DecimalFormatter : ValueFormatter<decimal>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, decimal value) => writer.WriteRaw(value);

    internal override decimal Read(ref ValueReader reader)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(reader.ReadRaw<decimal>(), parts);
        return new decimal(parts);
    }
}

/// <summary>A date and time; see <see cref="LocalTimes"/> for local ones.</summary>
internal sealed class DateTimeFormatter : ValueFormatter<DateTime>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, DateTime value) => writer.WriteRaw(LocalTimes.ToBinary(value));

    internal override DateTime Read(ref ValueReader reader) => LocalTimes.FromBinary(reader.ReadRaw<long>(), TimeZoneInfo.Local);
}

/// <summary>A date and time with its offset.</summary>
internal sealed class DateTimeOffsetFormatter : ValueFormatter<DateTimeOffset>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, DateTimeOffset value)
    {
        writer.WriteRaw(value.Ticks);
        writer.WriteRaw((short)value.TotalOffsetMinutes);
    }

    internal override DateTimeOffset Read(ref ValueReader reader) =>
        new(reader.ReadRaw<long>(), TimeSpan.FromMinutes(reader.ReadRaw<short>()));
}

/// <summary>A string.</summary>
internal sealed class StringFormatter : ValueFormatter<string?>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, string? value) => writer.WriteString(value);

    internal override string? Read(ref ValueReader reader) => reader.ReadString();
}

/// <summary>A token carries nothing: what arrives is the token of the job, whichever was sent.</summary>
internal sealed class CancellationTokenFormatter : ValueFormatter<CancellationToken>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, CancellationToken value) => writer.WriteRaw((byte)0);

    internal override CancellationToken Read(ref ValueReader reader)
    {
        reader.ReadRaw<byte>();
        return reader.JobToken;
    }
}
