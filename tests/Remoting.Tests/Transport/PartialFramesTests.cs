using System.Buffers.Binary;
using System.Net;
using Actors.Remoting.Transport;
using DotNetty.Buffers;
using DotNetty.Codecs;
using DotNetty.Transport.Channels.Embedded;
using Microsoft.Extensions.Time.Testing;

namespace Actors.Remoting.Tests.Transport;

/// <summary>Large frames that have not arrived completely share a limited memory.</summary>
public sealed class PartialFramesTests
{
    private const int Limit = 8 << 20;
    private const int Longest = 2 << 20;

    private static readonly IPAddress One = IPAddress.Parse("10.0.0.2");
    private static readonly IPAddress Other = IPAddress.Parse("10.0.0.3");
    private static readonly IPAddress Third = IPAddress.Parse("10.0.0.4");

    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _events = [];
    private readonly PartialFrames _frames;
    private int _scheduled;

    public PartialFramesTests() => _frames = new PartialFrames(Limit, _clock, _ => _scheduled++);

    [Fact]
    public void TryAdd_AboveTheHalfOfANetwork_WaitsForItsOwn()
    {
        var first = CreateFrame("a", Limit / 2, One);

        Assert.True(_frames.TryAdd(first));
        Assert.False(_frames.TryAdd(CreateFrame("b", 1, One)));
        Assert.True(_frames.TryAdd(CreateFrame("c", Limit / 2, Other)));
        Assert.Equal(Limit, _frames.Total);
        _frames.Remove(first);

        Assert.Equal(["b may arrive"], _events);
    }

    [Fact]
    public void TryAdd_AboveTheLimit_WaitsInTheOrderOfArrival()
    {
        var (first, second) = (CreateFrame("a", Limit / 2, One), CreateFrame("b", Limit / 2, Other));
        _frames.TryAdd(first);
        _frames.TryAdd(second);

        Assert.False(_frames.TryAdd(CreateFrame("c", Limit / 2, Third)));
        // A smaller frame does not overtake.
        Assert.False(_frames.TryAdd(CreateFrame("d", 1, IPAddress.Any)));
        _frames.Remove(first);
        Assert.Equal(["c may arrive"], _events);
        _frames.Remove(second);

        Assert.Equal(["c may arrive", "d may arrive"], _events);
    }

    [Fact]
    public void Remove_WaitingFrame_IsForgotten()
    {
        var (first, second) = (CreateFrame("a", Limit / 2, One), CreateFrame("b", 1, One));
        _frames.TryAdd(first);
        _frames.TryAdd(second);

        _frames.Remove(second);
        _frames.Remove(first);
        _frames.Remove(first);

        Assert.Empty(_events);
        Assert.Equal(0, _frames.Total);
    }

    [Fact]
    public void CloseLate_OthersWait_ClosesWhatTakesTooLong()
    {
        _frames.TryAdd(CreateFrame("a", Limit / 2, One));
        Assert.Equal(0, _scheduled);
        _clock.Advance(PartialFrames.Patience + TimeSpan.FromSeconds(Limit / 2 / PartialFrames.SlowestRate));
        _frames.TryAdd(CreateFrame("b", Limit / 2, Other));
        _frames.TryAdd(CreateFrame("c", Limit / 2, Third));
        Assert.Equal(1, _scheduled);

        _frames.CloseLate();
        Assert.Empty(_events);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _frames.CloseLate();

        Assert.Equal(["a is closed"], _events);
        Assert.Equal(3, _scheduled);
    }

    [Fact]
    public void CloseLate_NothingWaits_ClosesNothing()
    {
        _frames.TryAdd(CreateFrame("a", Limit / 2, One));
        _clock.Advance(TimeSpan.FromHours(1));

        _frames.CloseLate();

        Assert.Empty(_events);
        Assert.Equal(0, _scheduled);
    }

    /// <summary>The bytes of a connection arrive in any pieces.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Guard_FramesInAnyPieces_AreFollowed(int seed)
    {
        var random = new Random(seed);
        var channel = CreateChannel();
        var lengths = Enumerable.Range(0, 60).Select(_ => random.Next(4) == 0 ? random.Next(Longest - 4) : random.Next(100)).ToList();
        byte[] bytes = [.. lengths.SelectMany(CreateBytes)];

        var mostReserved = 0L;
        while (bytes.Length > 0)
        {
            var piece = Math.Min(bytes.Length, random.Next(3) == 0 ? random.Next(1, 5) : random.Next(1, PartialFrames.SmallFrame));
            channel.WriteInbound(Unpooled.WrappedBuffer(bytes[..piece]));
            bytes = bytes[piece..];
            mostReserved = Math.Max(mostReserved, _frames.Total);
        }

        Assert.Equal(lengths.Where(length => length > 0), ReadLengths(channel).Where(length => length > 0));
        Assert.InRange(mostReserved, PartialFrames.SmallFrame, Longest);
        Assert.Equal(0, _frames.Total);
    }

    [Fact]
    public async Task Guard_ConnectionEnds_RemovesItsFrame()
    {
        var channel = CreateChannel();
        channel.WriteInbound(Unpooled.WrappedBuffer(CreateBytes(Longest - 4)[..1000]));
        Assert.Equal(Longest - 4, _frames.Total);

        await channel.CloseAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(0, _frames.Total);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(Longest)]
    public void Guard_LengthOfNoFrame_ClosesTheConnection(int length)
    {
        var channel = CreateChannel();
        var header = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);

        channel.WriteInbound(Unpooled.WrappedBuffer(header));

        Assert.False(channel.Open);
    }

    [Fact]
    public void Guard_NoRoom_StopsReadingUntilThereIs()
    {
        var states = new List<bool>();
        var guard = new PartialFrameGuard(_frames, new LinkSource(One), Longest);
        guard.ObserveWaiting(states.Add);
        var channel = new EmbeddedChannel(guard);
        var other = CreateFrame("a", Limit / 2, One);
        _frames.TryAdd(other);

        channel.WriteInbound(Unpooled.WrappedBuffer(CreateBytes(Longest - 4)[..1000]));
        Assert.Equal([true], states);
        _frames.Remove(other);
        channel.RunPendingTasks();

        Assert.Equal([true, false], states);
    }

    private static byte[] CreateBytes(int length)
    {
        var bytes = new byte[sizeof(int) + length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }

    private static IEnumerable<int> ReadLengths(EmbeddedChannel channel)
    {
        while (channel.ReadInbound<IByteBuffer>() is { } frame)
            yield return frame.ReadableBytes;
    }

    private EmbeddedChannel CreateChannel() => new(
        new PartialFrameGuard(_frames, new LinkSource(One), Longest),
        new LengthFieldBasedFrameDecoder(ByteOrder.LittleEndian, Longest, 0, sizeof(int), 0, sizeof(int), true));

    private PartialFrame CreateFrame(string name, int length, IPAddress network) =>
        new(length, network, () => _events.Add($"{name} may arrive"), () => _events.Add($"{name} is closed"));
}
