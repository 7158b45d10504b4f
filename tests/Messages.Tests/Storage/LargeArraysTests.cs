using Actors.Messages.Storage;

namespace Actors.Messages.Tests.Storage;

public sealed class LargeArraysTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((8 << 20) - 1)]
    [InlineData((8 << 20) + 1)]
    [InlineData(20_000_001)]
    public void AllocateUninitialized_AnyLength_IsWritable(int length)
    {
        var bytes = LargeArrays.AllocateUninitialized<byte>(length);

        bytes.AsSpan().Fill(7);

        Assert.Equal(length, bytes.Length);
        Assert.DoesNotContain(bytes, value => value != 7);
    }

    [Fact]
    public void AllocateUninitialized_LargeItems_AreCountedByTheirSize()
    {
        var items = LargeArrays.AllocateUninitialized<Guid>(1_000_003);

        items.AsSpan().Fill(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));

        Assert.Equal(1_000_003, items.Length);
        Assert.Single(items.Distinct());
    }
}
