namespace Actors.Messages.Values;

/// <summary>
/// Writes a time zone. A time zone of the system is read by its id, because its serialized form loses rules. A custom time zone, or one
/// that the receiver lacks, is read from its serialized form.
/// </summary>
public sealed class TimeZoneFormatter : ValueFormatter<TimeZoneInfo?>
{
    private const byte IsNull = 0;
    private const byte IsCustom = 1;
    private const byte IsSystemZone = 2;

    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, TimeZoneInfo? value)
    {
        if (value is null)
        {
            writer.WriteRaw(IsNull);
            return;
        }

        writer.WriteRaw(FindSystemZone(value.Id) is { } known && known.HasSameRules(value) ? IsSystemZone : IsCustom);
        writer.WriteString(value.Id);
        writer.WriteString(value.ToSerializedString());
    }

    public override TimeZoneInfo? Read(ref ValueReader reader)
    {
        var kind = reader.ReadRaw<byte>();
        if (kind == IsNull)
            return null;
        var (id, serialized) = (reader.ReadString() ?? "", reader.ReadString() ?? "");
        return (kind == IsSystemZone ? FindSystemZone(id) : null) ?? TimeZoneInfo.FromSerializedString(serialized);
    }

    private static TimeZoneInfo? FindSystemZone(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;
}
