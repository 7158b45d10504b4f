using System.Net.Sockets;
using Actors.Messages.Executors;

namespace Actors.Executor.Link;

/// <summary>
/// The executor's end of the socket. Any thread may send. Reading is a role that one thread has at a time: a thread that waits for
/// something reads until it has come, so that neither a job nor a call on a managed object is handed from thread to thread.
/// When the node is gone the process ends at once, whatever it is doing: it must not outlive its parent.
/// </summary>
internal sealed class NodeLink(ExecutorSocket socket, FrameStream frames, string socketPath)
{
    private readonly Lock _sending = new();
    private readonly object _reading = new();
    private readonly object _arrivals = new();
    private readonly FrameWriter _writer = new();
    private int _waiting;
    private int _isReaderAwaited;
    private long _reads;

    /// <summary>Gets every frame, on whichever thread reads.</summary>
    public Action<Frame> OnFrame { get; set; } = _ => { };

    /// <summary>Sends first what else has been held back for a better moment; called under the sending lock.</summary>
    public Action<FrameWriter>? BeforeSend { get; set; }

    /// <summary>Whether a thread waits that could not become the reader: the reader should give way.</summary>
    public bool HasWaiters => Volatile.Read(ref _waiting) > 0;

    /// <summary>How often a thread has waited for something by reading.</summary>
    public long Reads => Volatile.Read(ref _reads);

    /// <summary>The first frame of the conversation.</summary>
    public Frame ReadFirst(FrameKind expected)
    {
        var frame = ReadFrame();
        return frame.Kind == expected
            ? frame
            : throw new InvalidDataException($"The node began with {frame.Kind} where {expected} was expected.");
    }

    /// <summary>Returns when the condition holds, having read frames, or having waited while another thread read them.</summary>
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

    /// <summary>Becomes the reader unless there is one, and stays it while nobody else wants to be.</summary>
    /// <returns>False when there is one.</returns>
    public bool TryReadWhileNobodyElse()
    {
        if (!Monitor.TryEnter(_reading))
            return false;
        ReadAsReader(() => HasWaiters);
        return true;
    }

    /// <summary>Returns when the thread that reads stops to, and at the latest after some time. The thread does not give way to this one.</summary>
    public void WaitWhileSomebodyReads(TimeSpan longest)
    {
        lock (_arrivals)
        {
            // The exchange orders this before the look below, as the reader stops before it looks at this.
            Interlocked.Exchange(ref _isReaderAwaited, 1);
            if (!ReaderIsGone())
                Monitor.Wait(_arrivals, longest);
            Volatile.Write(ref _isReaderAwaited, 0);
        }
    }

    /// <summary>Sends one frame whose body is written by the given action.</summary>
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

    /// <summary>Sends the frames that the action writes, then bytes that the last of them announces: large values are not copied once more.</summary>
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

    /// <summary>Sends only what <see cref="BeforeSend"/> has held back.</summary>
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
            NodeWatch.EndWithNode(socketPath);
        }
    }

    private void ReadAsReader(Func<bool> condition)
    {
        try
        {
            while (!condition())
            {
                OnFrame(ReadFrame());
                // What the frame changed must be seen before the count is read: a waiter counts itself first and looks then.
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
                // Between the failed attempt to become the reader and now, it may have read what is waited for, or stopped.
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

    /// <summary>Lets waiting threads look at their condition again.</summary>
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
            // A reset is an end like any other.
        }

        NodeWatch.EndWithNode(socketPath);
        return default;
    }
}
