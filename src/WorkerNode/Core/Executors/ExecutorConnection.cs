using System.Collections.Concurrent;
using System.Net.Sockets;
using Actors.Messages.Executors;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The side of the node of the socket of an executor. A separate thread receives frames. The calling thread sends as much as the socket
/// accepts at once, and a second thread sends the rest, so that a stopped process never blocks an actor. Only one thread at a time may
/// send.
/// </summary>
public sealed class ExecutorConnection : IDisposable
{
    private const int ThreadStack = 256 * 1024;

    private readonly AcceptedExecutor _executor;
    private readonly FrameWriter _writer = new();
    private readonly BlockingCollection<(ReadOnlyMemory<byte> Bytes, bool IsReply)> _later = new();
    private readonly UnreadReplies _unread;
    private Thread? _sender;
    private int _waitingToBeSent;

    /// <param name="executor">The accepted socket.</param>
    /// <param name="limitsReplies">Whether the process ends when it does not read the answers to its calls.</param>
    public ExecutorConnection(AcceptedExecutor executor, bool limitsReplies) =>
        (_executor, _unread) = (executor, new UnreadReplies(limitsReplies));

    /// <summary>
    /// Starts receiving. Each frame is passed to <paramref name="onFrame"/> on the receiving thread. <paramref name="onClosed"/> is called
    /// at the end.
    /// </summary>
    /// <param name="onFrame">Processes a frame.</param>
    /// <param name="onBroken">Called with the reason when a frame is malformed, before <paramref name="onClosed"/>.</param>
    /// <param name="onClosed">Called at the end.</param>
    public void StartReceiving(Action<Frame> onFrame, Action<Exception> onBroken, Action onClosed)
    {
        StartThread("executor receiver", () => ReceiveAll(onFrame, onBroken, onClosed));
    }

    /// <summary>Sends the frames that the action writes. Does nothing if the socket is closed, because the receiver reports that.</summary>
    public void SendFrames(Action<FrameWriter> write) => SendFrames(write, isReply: false);

    /// <summary>
    /// Sends frames as <see cref="SendFrames(Action{FrameWriter})"/> does, and then the bytes that the last frame announces. Large values
    /// are not copied.
    /// </summary>
    public void SendFrames(Action<FrameWriter> write, ReadOnlyMemory<byte> tail)
    {
        SendFrames(write, isReply: false);
        SendLater(tail[SendAvailable(tail.Span)..], isReply: false);
    }

    /// <summary>Sends the frames with the answer to a call on a managed object.</summary>
    public void SendReply(Action<FrameWriter> write) => SendFrames(write, isReply: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        _unread.Dispose();
        _later.CompleteAdding();
        _executor.Socket.Dispose();
    }

    private void SendFrames(Action<FrameWriter> write, bool isReply)
    {
        write(_writer);
        var sent = SendAvailable(_writer.Written.Span);
        if (sent < _writer.Length)
            SendLater(_writer.Written[sent..].ToArray(), isReply);
        _writer.ClearFrames();
    }

    private static Thread StartThread(string name, Action run)
    {
        var thread = new Thread(() => run(), ThreadStack) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    /// <returns>The number of bytes that need not be sent any more: 0 while others wait, and all of them if the socket is closed.</returns>
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
            // The receiver reports the end.
            return bytes.Length;
        }
    }

    private void SendLater(ReadOnlyMemory<byte> bytes, bool isReply)
    {
        if (bytes.IsEmpty || _later.IsAddingCompleted)
            return;
        if (isReply)
            _unread.Add(bytes.Length);
        _sender ??= StartThread("executor sender", SendWaiting);
        Interlocked.Increment(ref _waitingToBeSent);
        _later.Add((bytes, isReply));
    }

    private void SendWaiting()
    {
        foreach (var (bytes, isReply) in _later.GetConsumingEnumerable())
        {
            TrySend(bytes.Span);
            if (isReply)
                _unread.Add(-bytes.Length);
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
            // The receiver reports the end.
        }
    }

    private void ReceiveAll(Action<Frame> onFrame, Action<Exception> onBroken, Action onClosed)
    {
        try
        {
            while (_executor.Frames.TryRead(out var frame))
            {
                _unread.WaitForReader();
                onFrame(frame);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The exit of the process says more.
        }
#pragma warning disable CA1031 // Bytes of a worker may end that worker, but never the node.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            onBroken(exception);
        }
        finally
        {
            _executor.Frames.ReleaseMemory();
        }

        onClosed();
    }
}
