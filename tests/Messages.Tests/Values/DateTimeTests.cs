using Actors.Messages.Values;

namespace Actors.Messages.Tests.Values;

public class DateTimeTests
{
    private static readonly TimeZoneInfo East = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(14), "east", "east");
    private static readonly TimeZoneInfo West = TimeZoneInfo.CreateCustomTimeZone("west", TimeSpan.FromHours(-12), "west", "west");

    public static IEnumerable<object[]> Ends() =>
        from kind in Enum.GetValues<DateTimeKind>()
        from ticks in new[] { 0, 1, TimeSpan.TicksPerHour, DateTime.MaxValue.Ticks - TimeSpan.TicksPerHour, DateTime.MaxValue.Ticks - 1,
            DateTime.MaxValue.Ticks }
        select new object[] { new DateTime(ticks, kind) };

    [Theory]
    [MemberData(nameof(Ends))]
    public void DateTime_AtTheEndsOfTheRange_ComesBack(DateTime value)
    {
        var back = Carried.RoundTrip(value);
        Assert.Equal((value.Ticks, value.Kind), (back.Ticks, back.Kind));
    }

    [Fact]
    public void EndsOfTheRange_InAnotherZone_StayWhatTheyAre()
    {
        foreach (var zone in new[] { East, West })
        {
            foreach (var end in new[] { DateTime.MinValue, DateTime.MaxValue })
            {
                var back = LocalTimes.FromBinary(LocalTimes.ToBinary(DateTime.SpecifyKind(end, DateTimeKind.Local)), zone);
                Assert.Equal((end.Ticks, DateTimeKind.Local), (back.Ticks, back.Kind));
            }
        }
    }

    [Fact]
    public void LocalTime_WithoutALocalTimeInTheZoneOfTheReceiver_IsRefused()
    {
        // As DateTime.ToBinary writes them: the instant, marked as local.
        const long isLocal = long.MinValue;
        AssertRefused(isLocal | TimeSpan.TicksPerHour, West);
        AssertRefused(isLocal | (DateTime.MaxValue.Ticks - TimeSpan.TicksPerHour), East);
        Assert.Equal(TimeSpan.TicksPerHour * 15, LocalTimes.FromBinary(isLocal | TimeSpan.TicksPerHour, East).Ticks);
    }

    private static void AssertRefused(long data, TimeZoneInfo zone)
    {
        var refusal = Assert.Throws<InvalidDataException>(() => LocalTimes.FromBinary(data, zone));
        Assert.Contains($"no local time in the zone {zone.Id}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LocalTime_InAnotherZone_IsTheSameInstant()
    {
        var sent = new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Local);
        var back = LocalTimes.FromBinary(LocalTimes.ToBinary(sent), East);
        Assert.Equal((sent.ToUniversalTime().AddHours(14).Ticks, DateTimeKind.Local), (back.Ticks, back.Kind));
    }

    [Fact]
    public void DateTimeOffset_AtTheEndsOfTheRange_ComesBack()
    {
        foreach (var offset in new[] { 0, 14, -14 })
        {
            foreach (var utc in new[] { DateTimeOffset.MinValue.AddDays(1), DateTimeOffset.MaxValue.AddDays(-1), DateTimeOffset.UnixEpoch })
            {
                var value = utc.ToOffset(TimeSpan.FromHours(offset));
                Assert.True(value.EqualsExact(Carried.RoundTrip(value)));
            }
        }

        Assert.True(DateTimeOffset.MinValue.EqualsExact(Carried.RoundTrip(DateTimeOffset.MinValue)));
        Assert.True(DateTimeOffset.MaxValue.EqualsExact(Carried.RoundTrip(DateTimeOffset.MaxValue)));
    }

    [Fact]
    public void EveryTimeZone_ComesBack()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones().Append(TimeZoneInfo.Local).Append(East).Append(West))
        {
            var back = Carried.RoundTrip(zone);
            Assert.Equal(zone.Id, back.Id);
            Assert.True(zone.HasSameRules(back), zone.Id);
            var now = new DateTime(2024, 7, 1, 0, 0, 0, DateTimeKind.Utc);
            Assert.Equal(zone.GetUtcOffset(now), back.GetUtcOffset(now));
        }
    }
}
