using System.Text;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Sends an output stream of an executor to its pool in blocks. The next block is sent after the last was acknowledged, so a process that
/// prints without end blocks, as on a pipe, and fills no memory. Keeps the last output for reports.
/// </summary>
public sealed class OutputPump : IDisposable
{
    private const int BlockSize = 32 * 1024;
    private const int LastTextBytes = 4096;

    private readonly Stream _stream;
    private readonly Action<ReadOnlyMemory<byte>> _send;
    private readonly SemaphoreSlim _slot = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private byte[] _last = [];
    private int _isSent;

    /// <param name="stream">The output stream of the process.</param>
    /// <param name="send">Sends a block, which <see cref="AcknowledgeBlock"/> acknowledges.</param>
    /// <param name="ended">Called when the stream has ended and all of it was sent.</param>
    public OutputPump(Stream stream, Action<ReadOnlyMemory<byte>> send, Action ended)
    {
        _stream = stream;
        _send = send;
        new Thread(() => PumpOutput(ended), 256 * 1024) { IsBackground = true, Name = "executor output" }.Start();
    }

    /// <summary>Gets the end of the output.</summary>
    public string LastText()
    {
        lock (_lock)
            return Encoding.UTF8.GetString(_last).Trim();
    }

    /// <summary>
    /// Called when the pool has acknowledged the last block. Without such a block it has no effect: a client that acknowledges blocks
    /// before they exist would fill the memory with those that it does not read.
    /// </summary>
    public void AcknowledgeBlock()
    {
        if (Interlocked.Exchange(ref _isSent, 0) == 1)
            _slot.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Cancel();

    private void PumpOutput(Action ended)
    {
        var buffer = new byte[BlockSize];
        var held = 0;
        try
        {
            for (int read; (read = _stream.Read(buffer, held, BlockSize - held)) > 0;)
            {
                var filled = held + read;
                var block = buffer.AsSpan(0, FindBlockEnd(buffer.AsSpan(0, filled))).ToArray();
                held = filled - block.Length;
                buffer.AsSpan(block.Length, held).CopyTo(buffer);
                RememberLast(block);
                SendWhenFree(block);
            }

            if (held > 0)
            {
                RememberLast(buffer[..held]);
                SendWhenFree(buffer.AsMemory(0, held));
            }

            // The last block was acknowledged when the slot is free again.
            _slot.Wait(_stop.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The pump was disposed, or the process has ended.
        }

        ended();
    }

    private void SendWhenFree(ReadOnlyMemory<byte> block)
    {
        _slot.Wait(_stop.Token);
        Volatile.Write(ref _isSent, 1);
        _send(block);
    }

    /// <summary>
    /// Finds the end of a block. A full block ends after its last complete line, so that output of other executors comes between lines.
    /// </summary>
    private static int FindBlockEnd(ReadOnlySpan<byte> filled)
    {
        var end = filled.Length == BlockSize ? filled.LastIndexOf((byte)'\n') + 1 : 0;
        return end > 0 ? end : filled.Length;
    }

    private void RememberLast(byte[] block)
    {
        lock (_lock)
        {
            byte[] all = [.. _last, .. block.AsSpan(Math.Max(0, block.Length - LastTextBytes))];
            _last = all.Length > LastTextBytes ? all[^LastTextBytes..] : all;
        }
    }
}
