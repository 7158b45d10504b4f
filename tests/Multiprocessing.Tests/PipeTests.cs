using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestConnection</c>, <c>_TestPoll</c> and <c>_TestPicklingConnections</c>, for the ends of a pipe.</summary>
public sealed class PipeTests
{
    /// <summary><c>test_connection</c>, <c>test_sendbytes</c>; unlike Python's, a message that is too long can still be received.</summary>
    [Fact]
    public async Task Pipe_BetweenProcesses_CarriesValuesAndBytes()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await using var own = await TestPool.StartAsync(1);
        var (here, there) = await manager.CreatePipeAsync<string>().Soon();
        var echo = own.Pool.ApplyAsync(Echo, there);

        await here.SendAsync("hello").Soon();
        Assert.Equal("hello", await here.ReceiveAsync().Soon());
        await here.CloseAsync().Soon();
        await echo.Soon();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => here.SendAsync("late"));
    }

    /// <summary><c>test_duplex_false</c></summary>
    [Fact]
    public async Task SimplexPipe_UsedTheWrongWay_Refuses()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var (reader, writer) = await manager.CreatePipeAsync<int>(duplex: false).Soon();
        await writer.SendAsync(1).Soon();
        Assert.Equal(1, await reader.ReceiveAsync().Soon());
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.SendAsync(2));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.ReceiveAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.PollAsync());
    }

    /// <summary><c>test_empty_string</c>, <c>test_strings</c>, <c>test_boundaries</c>, <c>test_dont_merge</c></summary>
    [Fact]
    public async Task Bytes_OfSeveralMessages_KeepTheirBoundaries()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var (first, second) = await manager.CreatePipeAsync<int>().Soon();
        Assert.False(await second.PollAsync().Soon());
        await first.SendBytesAsync(Array.Empty<byte>()).Soon();
        await first.SendBytesAsync(new byte[] { 1, 2 }).Soon();
        Assert.True(await second.PollAsync(Waiting.Guard).Soon());
        Assert.Empty(await second.ReceiveBytesAsync().Soon());
        Assert.Equal(2, (await Assert.ThrowsAsync<MessageTooLongException>(() => second.ReceiveBytesAsync(1)).Soon()).Length);
        Assert.Equal([1, 2], await second.ReceiveBytesAsync().Soon());
        await first.CloseAsync().Soon();
        Assert.True(await second.PollAsync().Soon());
        await Assert.ThrowsAsync<EndOfStreamException>(() => second.ReceiveAsync()).Soon();
        await Assert.ThrowsAsync<IOException>(() => second.SendAsync(1)).Soon();
    }

    /// <summary><c>test_pickling</c></summary>
    [Fact]
    public async Task End_SentThroughAnotherPipe_Works()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var (outer, outerOther) = await manager.CreatePipeAsync<PipeEnd<int>>().Soon();
        var (inner, innerOther) = await manager.CreatePipeAsync<int>().Soon();
        await outer.SendAsync(innerOther).Soon();
        await innerOther.CloseAsync().Soon();
        var arrived = await outerOther.ReceiveAsync().Soon();
        await arrived.SendAsync(42).Soon();
        Assert.Equal(42, await inner.ReceiveAsync().Soon());
    }

    private static void Echo(PipeEnd<string> end)
    {
        try
        {
            while (true)
                end.Send(end.Receive());
        }
        catch (EndOfStreamException)
        {
            end.Close();
        }
    }
}
