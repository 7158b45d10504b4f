using Actors.Messages.Values;

namespace Actors.Messages.Tests.Values;

public sealed class ArrayReceiverTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100_000)]
    public void GetValue_PartsOfAnySize_GivesTheArray(int part)
    {
        AssertArrives(part, Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray());
        AssertArrives(part, Enumerable.Range(0, 1000).Select(i => i * 0.5).ToArray());
        AssertArrives(part, Enumerable.Range(0, 63).Select(i => new Guid(i, 0, 0, new byte[8])).ToArray());
        AssertArrives(part, Array.Empty<long>());
    }

    [Fact]
    public void GetValue_AnyMalformedBytes_ThrowsInvalidData()
    {
        var bytes = ValueSerializer.ToBytes(new[] { 1, 2, 3 }).ToArray();

        AssertMalformed<int[]>(bytes.Length, bytes[..^1]);
        AssertMalformed<int[]>(bytes.Length + 4, bytes);
        AssertMalformed<int[]>(bytes.Length - 1, bytes);
        AssertMalformed<int[]>(bytes.Length, [.. bytes, 0]);
        AssertMalformed<int[]>(bytes.Length, [5, .. bytes.Skip(1)]);
        AssertMalformed<long[]>(bytes.Length, bytes);
        AssertMalformed<int[]>(1, [0]);
        AssertMalformed<byte[]>(20, Enumerable.Repeat((byte)0xff, 20).ToArray());
        AssertMalformed<byte[]>(1, []);
    }

    /// <summary>Only the received length decides how much is allocated.</summary>
    [Fact]
    public void AppendBytes_AnnouncedItemsBeyondTheBytes_AllocatesNothing()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertMalformed<byte[]>(20, [0xff, 0xff, 0xff, 0xff, 0x07]);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void CreateReceiver_TypeThatIsNoBlock_IsNull()
    {
        Assert.Null(ValueSerializer.CreateReceiver<string[]>(10));
        Assert.Null(ValueSerializer.CreateReceiver<List<byte>>(10));
        Assert.Null(ValueSerializer.CreateReceiver<string>(10));
        Assert.Null(ValueSerializer.CreateReceiver<byte[][]>(10));
    }

    private static void AssertArrives<T>(int part, T[] value)
    {
        var bytes = ValueSerializer.ToBytes(value).Span;
        var receiver = ValueSerializer.CreateReceiver<T[]>(bytes.Length)!;
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(part, bytes.Length)..])
            receiver.AppendBytes(bytes[..Math.Min(part, bytes.Length)]);

        Assert.Equal(value, receiver.GetValue());
    }

    private static void AssertMalformed<T>(int length, byte[] bytes)
    {
        var receiver = ValueSerializer.CreateReceiver<T>(length)!;
        receiver.AppendBytes(bytes);

        Assert.Throws<InvalidDataException>(() => receiver.GetValue());
    }
}
