using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Actors.Messages.Executors;
using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class ExecutorListenerTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);

    private readonly RunDirectory _directory = RunDirectory.CreateDirectory();
    private readonly ExecutorListener _listener;
    private readonly List<Socket> _sockets = [];
    private readonly TaskCompletionSource<AcceptedExecutor> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ExecutorListenerTests() => _listener = new ExecutorListener(_directory.SocketPath);

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _listener.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Listener_ValidToken_IsAcceptedOnce()
    {
        var token = _listener.CreateToken(_accepted.SetResult);
        Connect().Send(Hello(token));
        Assert.Equal(42, (await _accepted.Task.WaitAsync(Soon)).ProcessId);
        AssertClosed(Connect(), Hello(token));
    }

    [Fact]
    public void Listener_UnknownToken_ClosesTheConnection()
    {
        var token = _listener.CreateToken(_accepted.SetResult);
        AssertClosed(Connect(), Hello(new byte[token.Length]));
        _listener.RevokeToken(token);
        AssertClosed(Connect(), Hello(token));
        Assert.False(_accepted.Task.IsCompleted);
    }

    [Fact]
    public async Task Listener_SilentConnections_DoNotBlockOthers()
    {
        for (var i = 0; i < 40; i++)
            Connect();
        Connect().Send(Hello(_listener.CreateToken(_accepted.SetResult)));
        await _accepted.Task.WaitAsync(Soon);
    }

    /// <summary>Each connection had a thread. A job could use up the threads of the machine, which ended the node.</summary>
    [Fact]
    public async Task Listener_ConnectionsAboveTheLimit_CloseTheOldest()
    {
        var oldest = Connect();
        for (var i = 0; i < 4 * ExecutorListener.MaxPending; i++)
            Connect();

        Assert.Equal(0, oldest.Receive(new byte[1]));
        Assert.InRange(_listener.PendingCount, 1, ExecutorListener.MaxPending);
        Connect().Send(Hello(_listener.CreateToken(_accepted.SetResult)));
        await _accepted.Task.WaitAsync(Soon);
    }

    /// <summary>A job that starts many processes closed the connections of workers that were starting.</summary>
    [Fact]
    public async Task Listener_ConnectionsOfManyProcesses_DoNotCloseThatOfAStartingWorker()
    {
        const int Worker = 7;
        var process = Worker;
        using var directory = RunDirectory.CreateDirectory();
        using var listener = new ExecutorListener(directory.SocketPath, Soon, StartThread, _ => process++);
        var token = listener.CreateToken(_accepted.SetResult);
        listener.SetProcess(token, Worker);
        var worker = Connect(directory);

        var others = Enumerable.Range(0, 2 * ExecutorListener.MaxPending).Select(_ => Connect(directory)).ToList();
        Assert.Equal(0, others[0].Receive(new byte[1]));
        worker.Send(Hello(token));

        await _accepted.Task.WaitAsync(Soon);
    }

    /// <summary>Each byte restarted the time limit before.</summary>
    [Fact]
    public void Listener_SlowHello_IsClosedAfterTheTimeLimit()
    {
        using var directory = RunDirectory.CreateDirectory();
        using var listener = new ExecutorListener(directory.SocketPath, TimeSpan.FromMilliseconds(300), StartThread, _ => 0);
        var clock = Stopwatch.StartNew();
        var socket = Connect(directory);

        foreach (var one in Hello(listener.CreateToken(_accepted.SetResult)))
        {
            if (socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead))
                break;
            socket.Send([one]);
        }

        Assert.False(_accepted.Task.IsCompleted);
        // The clocks of a timer and of the test differ by less than a millisecond.
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(299), Soon);
    }

    [Fact]
    public async Task Listener_ThreadCannotStart_ServesTheNextConnection()
    {
        var starts = 0;
        using var directory = RunDirectory.CreateDirectory();
        using var listener = new ExecutorListener(directory.SocketPath, Soon, run =>
        {
            if (++starts == 1)
                throw new InsufficientMemoryException("There are no more threads.");
            StartThread(run);
        }, _ => 0);

        Assert.Equal(0, Connect(directory).Receive(new byte[1]));
        Connect(directory).Send(Hello(listener.CreateToken(_accepted.SetResult)));

        await _accepted.Task.WaitAsync(Soon);
    }

    [Fact]
    public async Task Listener_InvalidBytes_CloseOnlyTheirConnection()
    {
        var random = new Random(20240229);
        for (var i = 0; i < 20; i++)
        {
            var garbage = new byte[random.Next(6, 200)];
            random.NextBytes(garbage);
            AssertClosed(Connect(), garbage);
        }

        AssertClosed(Connect(), Hello(new byte[3]));
        AssertClosed(Connect(), Hello(_listener.CreateToken(_ => { }), version: 99));
        Connect().Send(Hello(_listener.CreateToken(_accepted.SetResult)));
        await _accepted.Task.WaitAsync(Soon);
    }

    [Theory]
    [InlineData(1 << 30)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(100)]
    public void Listener_LengthOfNoHello_ClosesTheConnectionAtOnce(int length)
    {
        var header = new byte[5];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        header[4] = (byte)FrameKind.Handshake;
        AssertClosed(Connect(), header);
    }

    private static void StartThread(Action run) => new Thread(() => run()) { IsBackground = true }.Start();

    private Socket Connect(RunDirectory? directory = null)
    {
        var socket = SocketPair.NewSocket();
        _sockets.Add(socket);
        socket.Connect(new UnixDomainSocketEndPoint((directory ?? _directory).SocketPath));
        socket.ReceiveTimeout = (int)Soon.TotalMilliseconds;
        return socket;
    }

    private static byte[] Hello(byte[] token, int version = ExecutorProtocol.Version)
    {
        var writer = new FrameWriter();
        writer.BeginFrame(FrameKind.Handshake);
        writer.WriteInt32(version);
        writer.WriteInt32(42);
        writer.WriteRaw(token);
        writer.EndFrame();
        return writer.Written.ToArray();
    }

    /// <summary>Whether the connection is closed. With unread bytes the system reports a reset, otherwise the end of the stream.</summary>
    private static void AssertClosed(Socket socket, byte[] bytes)
    {
        socket.Send(bytes);
        try
        {
            Assert.Equal(0, socket.Receive(new byte[1]));
        }
        catch (SocketException exception)
        {
            Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
        }
    }
}
