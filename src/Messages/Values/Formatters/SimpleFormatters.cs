namespace Actors.Messages.Values;

/// <summary>Writes a boolean. Any byte except 0 is read as true, so that a bool never holds other bits.</summary>
internal sealed class BooleanFormatter : ValueFormatter<bool>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, bool value) => writer.WriteRaw(value ? (byte)1 : (byte)0);

    internal override bool Read(ref ValueReader reader) => reader.ReadRaw<byte>() != 0;
}

/// <summary>Writes a decimal. Its parts are checked when it is read.</summary>
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

/// <summary>Writes a date and time; see <see cref="LocalTimes"/> for local times.</summary>
internal sealed class DateTimeFormatter : ValueFormatter<DateTime>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, DateTime value) => writer.WriteRaw(LocalTimes.ToBinary(value));

    internal override DateTime Read(ref ValueReader reader) => LocalTimes.FromBinary(reader.ReadRaw<long>(), TimeZoneInfo.Local);
}

/// <summary>Writes a date and time with its offset.</summary>
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

/// <summary>Writes a string.</summary>
internal sealed class StringFormatter : ValueFormatter<string?>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, string? value) => writer.WriteString(value);

    internal override string? Read(ref ValueReader reader) => reader.ReadString();
}

/// <summary>Writes one byte for a token. The reader gets the token of the job, whichever token was sent.</summary>
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
