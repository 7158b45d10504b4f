using System.Collections.Concurrent;
using System.Net.Sockets;
using Actors.Messages.Executors;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The node's end of an executor's socket. Frames are received on a thread of their own and sent by the calling one while the socket has
/// room for them; what might wait for the executor is left to a second thread, so that a stopped process never holds up an actor.
/// One thread at a time may send.
/// </summary>
internal sealed class ExecutorConnection : IDisposable
{
    private const int ThreadStack = 256 * 1024;

    private readonly AcceptedExecutor _executor;
    private readonly FrameWriter _writer = new();
    private readonly BlockingCollection<ReadOnlyMemory<byte>> _later = new();
    private Thread? _sender;
    private int _waitingToBeSent;

    /// <param name="executor">The accepted socket.</param>
    public ExecutorConnection(AcceptedExecutor executor) => _executor = executor;

    /// <summary>Starts to receive: every frame goes to <paramref name="onFrame"/> on the receiving thread, then <paramref name="onClosed"/> is called.</summary>
    /// <param name="onFrame">Takes a frame.</param>
    /// <param name="onBroken">Called with the reason when a frame is malformed, before <paramref name="onClosed"/>.</param>
    /// <param name="onClosed">Called at the end.</param>
    public void StartReceiving(Action<Frame> onFrame, Action<Exception> onBroken, Action onClosed)
    {
        StartThread("executor receiver", () => ReceiveAll(onFrame, onBroken, onClosed));
    }

    /// <summary>Sends the frames that the action writes. A closed socket is not an error here: its closing is reported once, by the receiver.</summary>
    public void SendFrames(Action<FrameWriter> write) => SendFrames(write, default);

    /// <summary>As <see cref="SendFrames(Action{FrameWriter})"/>, then bytes that the last frame announces: large values are not copied once more.</summary>
    public void SendFrames(Action<FrameWriter> write, ReadOnlyMemory<byte> tail)
    {
        write(_writer);
        var sent = SendAvailable(_writer.Written.Span);
        if (sent < _writer.Length)
            SendLater(_writer.Written[sent..].ToArray());
        SendLater(tail[SendAvailable(tail.Span)..]);
        _writer.ClearFrames();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _later.CompleteAdding();
        _executor.Socket.Dispose();
    }

    private static Thread StartThread(string name, Action run)
    {
        var thread = new Thread(() => run(), ThreadStack) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    /// <returns>How much need not be sent any more: nothing of it while others wait to be sent, all of it when the socket is closed.</returns>
    private int SendAvailable(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || Volatile.Read(ref _waitingToBeSent) > 0)
            return 0;
        try
        {
            return _executor.Socket.SendAvailable(bytes);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The receiver sees the end too.
            return bytes.Length;
        }
    }

    private void SendLater(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty || _later.IsAddingCompleted)
            return;
        _sender ??= StartThread("executor sender", SendWaiting);
        Interlocked.Increment(ref _waitingToBeSent);
        _later.Add(bytes);
    }

    private void SendWaiting()
    {
        foreach (var bytes in _later.GetConsumingEnumerable())
        {
            TrySend(bytes.Span);
            Interlocked.Decrement(ref _waitingToBeSent);
        }
    }

    private void TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _executor.Socket.SendBytes(bytes);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The receiver sees the end too.
        }
    }

    private void ReceiveAll(Action<Frame> onFrame, Action<Exception> onBroken, Action onClosed)
    {
        try
        {
            while (_executor.Frames.TryRead(out var frame))
                onFrame(frame);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The end of the process says more.
        }
#pragma warning disable CA1031 // Bytes of a worker end that worker, and never the node: neither a malformed frame nor one that is too large for memory.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            onBroken(exception);
        }

        onClosed();
    }
}
