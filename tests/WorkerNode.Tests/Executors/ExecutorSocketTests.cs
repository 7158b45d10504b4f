using System.Net.Sockets;
using Actors.Messages.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class ExecutorSocketTests : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(20);

    private readonly SocketPair _sockets = new();
    private readonly ExecutorSocket _near;
    private readonly ExecutorSocket _far;

    public ExecutorSocketTests() => (_near, _far) = (new ExecutorSocket(_sockets.Near), new ExecutorSocket(_sockets.Far));

    public void Dispose() => _sockets.Dispose();

    [Fact]
    public void SendWhatFits_ReaderIsStopped_SendsAPartAndThenNothing()
    {
        var bytes = Noise(4 << 20);
        var sent = 0;
        int more;
        while ((more = _near.SendAvailable(bytes.AsSpan(sent))) > 0)
            sent += more;

        Assert.InRange(sent, 1, bytes.Length - 1);
        Assert.Equal(bytes[..sent], ReceiveAll(sent));
    }

    [Fact]
    public async Task Send_SlowReader_LosesAndRepeatsNothing()
    {
        var bytes = Noise(16 << 20);
        var sending = Task.Run(() => _near.SendBytes(bytes));
        Assert.Equal(bytes, ReceiveAll(bytes.Length));
        await sending.WaitAsync(Guard);
    }

    [Fact]
    public async Task Receive_BytesComeLater_Waits()
    {
        using var isAboutToWait = new ManualResetEventSlim();
        var receiving = Task.Run(() =>
        {
            isAboutToWait.Set();
            return _far.ReceiveBytes(new byte[10]);
        });
        isAboutToWait.Wait(Guard);
        _near.SendBytes([1, 2, 3]);
        Assert.Equal(3, await receiving.WaitAsync(Guard));
    }

    [Fact]
    public void Receive_AnswersAtOnce_KeepTheirOrder()
    {
        var echoing = new Thread(() =>
        {
            var one = new byte[1];
            while (_far.ReceiveBytes(one) > 0)
                _far.SendBytes(one);
        });
        echoing.Start();
        var answer = new byte[2];
        for (var i = 0; i < 5000; i++)
        {
            _near.SendBytes([(byte)i]);
            Assert.Equal((1, (byte)i), (_near.ReceiveBytes(answer), answer[0]));
        }

        _near.Dispose();
        Assert.True(echoing.Join(Guard));
    }

    [Fact]
    public void Receive_PeerHasClosed_ReturnsTheEnd()
    {
        _near.Dispose();
        Assert.Equal(0, _far.ReceiveBytes(new byte[1]));
    }

    [Fact]
    public void Receive_NothingInTime_Throws()
    {
        _far.SetReceiveDeadline(TimeSpan.FromMilliseconds(20));
        Assert.Equal(SocketError.TimedOut, Assert.Throws<SocketException>(() => _far.ReceiveBytes(new byte[1])).SocketErrorCode);
    }

    [Fact]
    public async Task Dispose_WhileReceiving_WakesTheReceiver()
    {
        using var isAboutToWait = new ManualResetEventSlim();
        var receiving = Task.Run(() =>
        {
            isAboutToWait.Set();
            try
            {
                return _far.ReceiveBytes(new byte[1]);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return 0;
            }
        });
        isAboutToWait.Wait(Guard);
        _far.Dispose();
        Assert.Equal(0, await receiving.WaitAsync(Guard));
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(20240229).NextBytes(bytes);
        return bytes;
    }

    private byte[] ReceiveAll(int length)
    {
        var bytes = new byte[length];
        for (var received = 0; received < length;)
            received += _far.ReceiveBytes(bytes.AsSpan(received));
        return bytes;
    }
}
