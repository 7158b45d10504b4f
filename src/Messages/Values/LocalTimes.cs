namespace Actors.Messages.Values;

/// <summary>
/// Encodes local times as instants, so that the receiver gets the same instant in its own time zone. An instant near the ends of the range
/// that has no local time there is refused. <see cref="DateTime.MinValue"/> and <see cref="DateTime.MaxValue"/> are preserved.
/// </summary>
public static class LocalTimes
{
    // Values that DateTime.ToBinary never returns: above the last tick, and below the values for instants before the first tick.
    private const long Minimum = unchecked((long)0xB000_0000_0000_0000);
    private const long Maximum = Minimum + 1;
    private const long TicksMask = 0x3FFF_FFFF_FFFF_FFFF;
    private const long TicksCeiling = 0x4000_0000_0000_0000;

    public static long ToBinary(DateTime value) => value.Kind != DateTimeKind.Local ? value.ToBinary()
        : value.Ticks == DateTime.MinValue.Ticks ? Minimum
        : value.Ticks == DateTime.MaxValue.Ticks ? Maximum
        : value.ToBinary();

    /// <exception cref="InvalidDataException">The instant has no local time in the zone.</exception>
    public static DateTime FromBinary(long data, TimeZoneInfo zone)
    {
        if (data >= 0)
            return DateTime.FromBinary(data);
        if (data is Minimum or Maximum)
            return GetRangeEnd(data == Maximum);
        var ticks = data & TicksMask;
        if (ticks > TicksCeiling - TimeSpan.TicksPerDay)
            ticks -= TicksCeiling;
        var utc = new DateTime(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
        var local = ticks + zone.GetUtcOffset(utc).Ticks;
        return local < DateTime.MinValue.Ticks || local > DateTime.MaxValue.Ticks
            ? throw new InvalidDataException(
                $"A local DateTime that is {utc:O} in UTC, give or take a day, has no local time in the zone {zone.Id} of this process. "
                + "Pass a DateTime of the kind Utc or Unspecified, or a DateTimeOffset.")
            : ReferenceEquals(zone, TimeZoneInfo.Local) ? DateTime.FromBinary(data)
            : new DateTime(local, DateTimeKind.Local);
    }

    private static DateTime GetRangeEnd(bool isMaximum) =>
        DateTime.SpecifyKind(isMaximum ? DateTime.MaxValue : DateTime.MinValue, DateTimeKind.Local);
}
