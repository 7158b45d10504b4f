using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class MapIdTests
{
    [Theory]
    [InlineData(0, 1, new long[0], "map:0/1:")]
    [InlineData(7, 3, new long[] { 4, 5, 6 }, "map:7/3:4-6")]
    [InlineData(5, 1, new long[] { 4, 5, 9, 10_000_000_001, 3 }, "map:5/1:4-5,9,10000000001,3")]
    public void Parse_Text_IsTheSameId(int items, int chunkSize, long[] jobs, string text)
    {
        var id = new MapId(items, chunkSize, [.. jobs]);

        Assert.Equal(text, id.ToString());
        var parsed = MapId.Parse(text);
        Assert.Equal((items, chunkSize), (parsed.Items, parsed.ChunkSize));
        Assert.Equal(jobs, parsed.Jobs.ToArray());
    }

    [Fact]
    public void Chunks_LastIsShorter_HaveTheirItems() => Assert.Equal(
        [(0, 3, 4L), (3, 3, 5L), (6, 1, 6L)], MapId.Parse("map:7/3:4-6").Chunks);

    [Theory]
    [InlineData("")]
    [InlineData("17a")]
    [InlineData("map:7/3:4-5")]
    [InlineData("map:7/3:4-7")]
    [InlineData("map:7/0:4-6")]
    [InlineData("map:7/3:6-4,8")]
    [InlineData("map:1/1:0")]
    [InlineData("map:7/3:4-6:8")]
    [InlineData("map:-7/3:4-6")]
    [InlineData("map:9223372036854775806/2147483647:1")]
    [InlineData("map:2/1:1-9223372036854775807")]
    [InlineData("map:2/1:9223372036854775806-9223372036854775807")]
    public void Parse_NoIdOfAMap_Throws(string text) =>
        Assert.Contains("whole MapHandle.Id", Assert.Throws<ArgumentException>(() => MapId.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_IdOfAJob_NamesTheMethodForJobs() =>
        Assert.Contains("Attach<T>(17)", Assert.Throws<ArgumentException>(() => MapId.Parse("17")).Message, StringComparison.Ordinal);
}
