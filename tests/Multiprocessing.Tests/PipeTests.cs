using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestConnection</c>, <c>_TestPoll</c> and <c>_TestPicklingConnections</c>, for the ends of a pipe.</summary>
public sealed class PipeTests
{
    /// <summary>
    /// <c>test_connection</c>, <c>test_sendbytes</c>. Unlike in Python, a message can still be received after a too short buffer.
    /// </summary>
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
    public async Task SimplexPipe_WrongDirection_Throws()
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
    public async Task Bytes_SeveralMessages_KeepTheirBoundaries()
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

    /// <summary>The really big message of <c>test_connection</c>. Only messages between machines have a size limit.</summary>
    [Fact]
    public async Task SendBytes_LargeMessages_AreLimitedOnlyBetweenMachines()
    {
        const int limit = 12 << 20;
        await using var manager = await Manager.StartAsync().Soon();
        await using var own = await TestPool.StartAsync(1);
        var (here, there) = await manager.CreatePipeAsync<int>().Soon();
        var job = own.Pool.ApplyAsync(ReverseBytes, there);
        var sent = new byte[(2 * limit) + 1];
        Random.Shared.NextBytes(sent);
        await here.SendBytesAsync(sent).Soon();
        var received = await here.ReceiveBytesAsync().Soon();
        Array.Reverse(received);
        Assert.True(received.AsSpan().SequenceEqual(sent));
        await job.Soon();

        await using var served = await ServedManager.StartAsync().Soon();
        await using var remote = await Manager.ConnectAsync(served.Address).Soon();
        var (first, second) = await remote.CreatePipeAsync<int>().Soon();
        await Assert.ThrowsAsync<PayloadTooLargeException>(() => first.SendBytesAsync(new byte[limit + 1])).Soon();
        await first.SendBytesAsync(new byte[limit / 2]).Soon();
        Assert.Equal(limit / 2, (await second.ReceiveBytesAsync().Soon()).Length);
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

    /// <summary><c>test_spawn_close</c>: closing the local copy of an end does not close the copy in another process.</summary>
    [Fact]
    public async Task End_ClosedAfterPassingItToAProcess_StaysOpenInThatProcess()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var (here, there) = await manager.CreatePipeAsync<string>().Soon();
        using var checkpoint = new Checkpoint();
        await using var process = await WorkerProcess.StartAsync(PassThenEcho, there, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();
        await there.CloseAsync().Soon();
        held.Release();

        await here.SendAsync("hello").Soon();
        Assert.Equal("hello", await here.ReceiveAsync().Soon());
        await here.SendAsync("bye").Soon();

        await Assert.ThrowsAsync<EndOfStreamException>(() => here.ReceiveAsync()).Soon();
        await process.JoinAsync().Soon();
    }

    /// <summary>In Python the copy of the parent keeps the pipe open, and <c>recv()</c> waits forever.</summary>
    [Fact]
    public async Task End_ProcessIsKilledBeforeItsFirstCall_IsClosed()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var (here, there) = await manager.CreatePipeAsync<string>().Soon();
        using var checkpoint = new Checkpoint();
        await using var process = await WorkerProcess.StartAsync(PassThenEcho, there, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();
        var receiving = here.ReceiveAsync();

        process.Kill();

        await Assert.ThrowsAsync<EndOfStreamException>(() => receiving).Soon();
    }

    /// <summary><c>test_access</c>: an end of a simplex pipe has the same direction in every process.</summary>
    [Fact]
    public async Task SimplexEnd_InAnotherProcess_RefusesTheWrongDirection()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await using var own = await TestPool.StartAsync(1);
        var (reader, writer) = await manager.CreatePipeAsync<int>(duplex: false).Soon();
        Assert.Equal((false, true), await own.Pool.ApplyAsync(end => (end.CanReceive, end.CanSend), writer).Soon());
        Assert.Equal((true, false), await own.Pool.ApplyAsync(end => (end.CanReceive, end.CanSend), reader).Soon());
        await own.Pool.ApplyAsync(end => end.Receive(), writer).Fails<InvalidOperationException>();
    }

    /// <summary><c>test_wait_slow</c>: messages of several processes in the order of their arrival.</summary>
    [Fact]
    public async Task WhenAny_SeveralPipes_ReturnsEachMessageOnce()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await using var own = await TestPool.StartAsync(2);
        var readers = new List<PipeEnd<int>>();
        for (var i = 0; i < 3; i++)
        {
            var (reader, writer) = await manager.CreatePipeAsync<int>(duplex: false).Soon();
            readers.Add(reader);
            _ = own.Pool.ApplyAsync(SendTen, writer, i);
        }

        var receiving = readers.ToDictionary(reader => reader.ReceiveAsync());
        var received = new List<int>();
        while (received.Count < 30)
        {
            var first = await Task.WhenAny(receiving.Keys).Soon();
            received.Add(await first);
            receiving.Remove(first, out var reader);
            receiving[reader!.ReceiveAsync()] = reader;
        }

        Assert.Equal(Enumerable.Range(0, 30), received.Order());
    }

    private static void PassThenEcho(PipeEnd<string> end, int port)
    {
        Checkpoint.ReportAndWait(port);
        end.Send(end.Receive());
        _ = end.Receive();
        end.Close();
    }

    private static void SendTen(PipeEnd<int> end, int number)
    {
        for (var i = 0; i < 10; i++)
            end.Send((number * 10) + i);
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

    private static void ReverseBytes(PipeEnd<int> end)
    {
        var bytes = end.ReceiveBytes();
        Array.Reverse(bytes);
        end.SendBytes(bytes);
    }
}
