namespace Actors.Messages.Values;

/// <summary>Writes a boolean. Any byte except 0 is read as true, so that a bool never holds other bits.</summary>
public sealed class BooleanFormatter : ValueFormatter<bool>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, bool value) => writer.WriteRaw(value ? (byte)1 : (byte)0);

    public override bool Read(ref ValueReader reader) => reader.ReadRaw<byte>() != 0;
}

/// <summary>Writes a decimal. Its parts are checked when it is read.</summary>
public sealed class DecimalFormatter : ValueFormatter<decimal>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, decimal value) => writer.WriteRaw(value);

    public override decimal Read(ref ValueReader reader)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(reader.ReadRaw<decimal>(), parts);
        return new decimal(parts);
    }
}

/// <summary>Writes a date and time; see <see cref="LocalTimes"/> for local times.</summary>
public sealed class DateTimeFormatter : ValueFormatter<DateTime>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, DateTime value) => writer.WriteRaw(LocalTimes.ToBinary(value));

    public override DateTime Read(ref ValueReader reader) => LocalTimes.FromBinary(reader.ReadRaw<long>(), TimeZoneInfo.Local);
}

/// <summary>Writes a date and time with its offset.</summary>
public sealed class DateTimeOffsetFormatter : ValueFormatter<DateTimeOffset>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, DateTimeOffset value)
    {
        writer.WriteRaw(value.Ticks);
        writer.WriteRaw((short)value.TotalOffsetMinutes);
    }

    public override DateTimeOffset Read(ref ValueReader reader) =>
        new(reader.ReadRaw<long>(), TimeSpan.FromMinutes(reader.ReadRaw<short>()));
}

/// <summary>Writes a string.</summary>
public sealed class StringFormatter : ValueFormatter<string?>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, string? value) => writer.WriteString(value);

    public override string? Read(ref ValueReader reader) => reader.ReadString();
}

/// <summary>Writes one byte for a token. The reader gets the token of the job, whichever token was sent.</summary>
public sealed class CancellationTokenFormatter : ValueFormatter<CancellationToken>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, CancellationToken value) => writer.WriteRaw((byte)0);

    public override CancellationToken Read(ref ValueReader reader)
    {
        reader.ReadRaw<byte>();
        return reader.JobToken;
    }
}
