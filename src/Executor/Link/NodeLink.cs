using System.Net.Sockets;
using Actors.Messages.Executors;

namespace Actors.Executor.Link;

/// <summary>
/// The side of the executor of its socket. Any thread may send. One thread at a time reads: a thread that waits for a message reads until
/// it has arrived, so that no message is passed between threads. If the node is lost, the process ends at once, because it must not outlive
/// its parent, or after <see cref="BeforeEnd"/>.
/// </summary>
internal sealed class NodeLink(ExecutorSocket socket, FrameStream frames, string socketPath)
{
    private readonly Lock _sending = new();
    private readonly object _reading = new();
    private readonly object _arrivals = new();
    private readonly FrameWriter _writer = new();
    private int _waiting;
    private int _isReaderAwaited;
    private int _isEnding;
    private long _reads;

    /// <summary>Called with each frame, on the thread that reads.</summary>
    public Action<Frame> OnFrame { get; set; } = _ => { };

    /// <summary>Writes buffered frames before each send; called under the sending lock.</summary>
    public Action<FrameWriter>? BeforeSend { get; set; }

    /// <summary>Called after the node was lost, before the process ends; null to end it at once.</summary>
    public Action? BeforeEnd { get; set; }

    /// <summary>Whether a thread waits that could not become the reader. The reader should then stop.</summary>
    public bool HasWaiters => Volatile.Read(ref _waiting) > 0;

    /// <summary>The number of times that a thread has waited by reading.</summary>
    public long Reads => Volatile.Read(ref _reads);

    /// <summary>Reads the first frame of the connection.</summary>
    public Frame ReadFirst(FrameKind expected)
    {
        var frame = ReadFrame();
        return frame.Kind == expected
            ? frame
            : throw new InvalidDataException($"The node sent {frame.Kind} first, but {expected} was expected.");
    }

    /// <summary>Waits until a condition holds. The thread reads frames, or waits while another thread reads.</summary>
    public void ReadUntil(Func<bool> condition)
    {
        Interlocked.Increment(ref _reads);
        while (!condition())
        {
            if (Monitor.TryEnter(_reading))
                ReadAsReader(condition);
            else
                WaitForReader(condition);
        }
    }

    /// <summary>Reads until another thread wants to, unless another thread reads already.</summary>
    /// <returns>False if another thread reads.</returns>
    public bool TryReadWhileNobodyElse()
    {
        if (!Monitor.TryEnter(_reading))
            return false;
        ReadAsReader(() => HasWaiters);
        return true;
    }

    /// <summary>Waits until the reading thread stops, or for the longest time. The reading thread does not stop because of this.</summary>
    public void WaitWhileSomebodyReads(TimeSpan longest)
    {
        lock (_arrivals)
        {
            // The exchange orders this write before the check below. The reader stops before it reads this flag.
            Interlocked.Exchange(ref _isReaderAwaited, 1);
            if (!ReaderIsGone())
                Monitor.Wait(_arrivals, longest);
            Volatile.Write(ref _isReaderAwaited, 0);
        }
    }

    /// <summary>Sends a frame whose body the action writes.</summary>
    public void SendFrame(FrameKind kind, Action<FrameWriter> body) => SendFrames(writer =>
    {
        writer.BeginFrame(kind);
        body(writer);
        writer.EndFrame();
    });

    /// <summary>Sends a frame without a body.</summary>
    public void SendSimple(FrameKind kind) => SendFrame(kind, _ => { });

    /// <summary>Sends the frames that the action writes, in one system call.</summary>
    public void SendFrames(Action<FrameWriter> write)
    {
        lock (_sending)
        {
            BeforeSend?.Invoke(_writer);
            write(_writer);
            SendWritten();
        }
    }

    /// <summary>
    /// Sends the frames that the action writes, and then the bytes that the last frame announces. Large values are not copied.
    /// </summary>
    public void SendFrames(Action<FrameWriter> write, ReadOnlyMemory<byte> tail)
    {
        lock (_sending)
        {
            BeforeSend?.Invoke(_writer);
            write(_writer);
            SendWritten();
            SendAll(tail.Span);
        }
    }

    /// <summary>Sends only the frames that <see cref="BeforeSend"/> writes.</summary>
    public void FlushHeld() => SendFrames(_ => { });

    private void SendWritten()
    {
        if (_writer.Length > 0)
            SendAll(_writer.Written.Span);
        _writer.ClearFrames();
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        try
        {
            socket.SendBytes(bytes);
        }
        catch (SocketException)
        {
            EndWithNode();
        }
    }

    /// <summary>
    /// Ends the process, because the node was lost. With <see cref="BeforeEnd"/> it ends a little later, and sends nothing until then.
    /// </summary>
    private void EndWithNode()
    {
        if (BeforeEnd is not { } prepare)
        {
            NodeWatch.EndWithNode(socketPath);
        }
        else if (Interlocked.Exchange(ref _isEnding, 1) == 0)
        {
            // The calling thread may be the one of the job.
            new Thread(() =>
            {
                prepare();
                NodeWatch.EndWithNode(socketPath);
            })
            { IsBackground = true }.Start();
        }
    }

    /// <summary>
    /// Waits for the end of the process if the node was lost. The thread that ends it also removes the directory of the node.
    /// </summary>
    public void WaitIfEnding()
    {
        if (Volatile.Read(ref _isEnding) != 0)
            Thread.Sleep(Timeout.Infinite);
    }

    private void ReadAsReader(Func<bool> condition)
    {
        try
        {
            while (!condition())
            {
                OnFrame(ReadFrame());
                // The changes of the frame must be visible before the count is read. A waiter increments the count before it checks its
                // condition.
                Interlocked.MemoryBarrier();
                if (HasWaiters)
                    WakeWaiters();
            }
        }
        finally
        {
            Monitor.Exit(_reading);
            if (HasWaiters || Volatile.Read(ref _isReaderAwaited) != 0)
                WakeWaiters();
        }
    }

    private void WaitForReader(Func<bool> condition)
    {
        lock (_arrivals)
        {
            Interlocked.Increment(ref _waiting);
            try
            {
                // The reader may have read the awaited message, or stopped, since the failed attempt to become the reader.
                if (!condition() && !ReaderIsGone())
                    Monitor.Wait(_arrivals);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private bool ReaderIsGone()
    {
        if (!Monitor.TryEnter(_reading))
            return false;
        Monitor.Exit(_reading);
        return true;
    }

    /// <summary>Wakes waiting threads, which check their condition again.</summary>
    public void WakeWaiters()
    {
        lock (_arrivals)
            Monitor.PulseAll(_arrivals);
    }

    private Frame ReadFrame()
    {
        try
        {
            if (frames.TryRead(out var frame))
                return frame;
        }
        catch (SocketException)
        {
            // A reset ends the connection as well.
        }

        EndWithNode();
        // Nothing arrives any more. A job that waits for a reply waits until the process ends.
        Thread.Sleep(Timeout.Infinite);
        return default;
    }
}
