using System.Buffers.Binary;
using System.Net.Sockets;
using Actors.Messages.Executors;

namespace Actors.WorkerNode.Tests.Executors;

/// <summary>Several workers send large frames to one node, over real sockets.</summary>
public sealed class FrameBudgetTests : IDisposable
{
    private const int Limit = 8 << 20;
    private const int Large = 6 << 20;
    private const int HeaderLength = sizeof(int) + 1;

    private static readonly TimeSpan Forever = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SocketPair _one = new();
    private readonly SocketPair _other = new();

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task TryRead_FrameDoesNotFit_WaitsForTheProcessingOfTheOther()
    {
        var budget = new FrameBudget(Limit, Forever);
        var (first, second) = (Read(_one, budget), Read(_other, budget));
        Assert.Equal(Large, await ReceiveAsync(first, _one, Large));

        var waiting = ReceiveAsync(second, _other, Large);
        // Others with small frames do not wait.
        using var small = new SocketPair();
        Assert.Equal(1000, await ReceiveAsync(Read(small, budget), small, 1000));
        Assert.False(waiting.IsCompleted);

        first.ReleaseMemory();
        Assert.Equal(Large, await waiting);
    }

    [Fact]
    public async Task TryRead_FramesFit_DoNotWait()
    {
        var budget = new FrameBudget(2 * (Large + HeaderLength), Forever);

        Assert.Equal(Large, await ReceiveAsync(Read(_one, budget), _one, Large));
        Assert.Equal(Large, await ReceiveAsync(Read(_other, budget), _other, Large));
    }

    /// <summary>The worker would hold up all others. It sent more than the bytes that are allocated in any case.</summary>
    [Fact]
    public async Task TryRead_AnnouncedFrameDoesNotArrive_IsAbandonedForTheNext()
    {
        var budget = new FrameBudget(Limit, Soon);
        var hostile = Task.Run(() => Read(_one, budget).TryRead(out _));
        await SendAsync(_one, Large, Large / 2);

        Assert.Equal(Large, await ReceiveAsync(Read(_other, budget), _other, Large));

        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => hostile.WaitAsync(Patience));
        Assert.Contains("did not arrive in time", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryRead_ConnectionClosedInAFrame_FreesItsMemory()
    {
        var budget = new FrameBudget(Limit, Forever);
        var frames = Read(_one, budget);
        var cut = Task.Run(() => frames.TryRead(out _));
        await SendAsync(_one, Large, Large / 2);
        _one.Near.Shutdown(SocketShutdown.Send);
        Assert.False(await cut.WaitAsync(Patience));

        frames.ReleaseMemory();
        Assert.Equal(Large, await ReceiveAsync(Read(_other, budget), _other, Large));
    }

    [Fact]
    public async Task TryRead_FrameAboveTheLimit_IsInvalid()
    {
        var sending = SendAsync(_one, Limit + 1, 1 << 20);

        var exception = await Assert.ThrowsAsync<InvalidDataException>(
            () => Task.Run(() => Read(_one, new FrameBudget(Limit, Forever)).TryRead(out _)).WaitAsync(Patience));
        Assert.Contains("has memory for 8388608", exception.Message, StringComparison.Ordinal);
        await sending;
    }

    private static FrameStream Read(SocketPair sockets, FrameBudget budget) => new(new ExecutorSocket(sockets.Far), budget: budget);

    /// <returns>The length of the received body.</returns>
    private static async Task<int> ReceiveAsync(FrameStream frames, SocketPair sockets, int length)
    {
        var sending = SendAsync(sockets, length, length);
        var received = await Task.Run(() => frames.TryRead(out var frame) ? frame.Body.Length : -1).WaitAsync(Patience);
        await sending;
        return received;
    }

    /// <summary>Sends a frame with a body of this length, or its beginning.</summary>
    private static Task SendAsync(SocketPair sockets, int length, int sent) => Task.Run(() =>
    {
        var bytes = new byte[HeaderLength + sent];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, 1 + length);
        bytes[sizeof(int)] = (byte)FrameKind.Done;
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
            rest = rest[sockets.Near.Send(rest)..];
    });
}
