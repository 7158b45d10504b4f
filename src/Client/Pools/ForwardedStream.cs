using System.Globalization;

namespace Actors.Pools;

/// <summary>
/// Writes blocks of worker output to one stream, in order. When a write takes longer than <see cref="Patience"/>, later blocks are dropped
/// and their lines counted until the write ends; then a line reports the number. Workers therefore wait for a slow reader, but not for one
/// that has stopped. Thread-safe.
/// </summary>
internal sealed class ForwardedStream
{
    private readonly Lock _lock = new();
    private readonly Queue<(ReadOnlyMemory<byte> Text, Action? Written)> _blocks = [];
    private readonly Lazy<Stream> _stream;
    private readonly string _name;
    private readonly TimeSpan _patience;
    private readonly Timer _overdue;
    private Action? _writing;
    private Task _loop = Task.CompletedTask;
    private bool _isWriting;
    private bool _isStuck;
    private long _due = long.MaxValue;
    private long _dropped;

    /// <param name="name">The name of the stream in the report of dropped lines.</param>
    /// <param name="open">Opens the stream for the first block.</param>
    /// <param name="patience">The longest time for one write.</param>
    public ForwardedStream(string name, Func<Stream> open, TimeSpan patience)
    {
        _name = name;
        _stream = new Lazy<Stream>(open);
        _patience = patience;
        _overdue = new Timer(_ => DropOverdue());
    }

    /// <summary>The default limit for one write.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Writes the text, then calls <paramref name="written"/>. Each worker awaits that call before its next block, so the queue stays
    /// short.
    /// </summary>
    public void WriteBlock(ReadOnlyMemory<byte> text, Action? written)
    {
        lock (_lock)
        {
            if (!_isStuck)
            {
                _blocks.Enqueue((text, written));
                StartWriting();
                return;
            }

            _dropped += CountLines(text);
        }

        written?.Invoke();
    }

    /// <summary>Waits for a limited time until everything is written; drops the rest.</summary>
    /// <returns>The report of dropped lines; null when nothing was dropped.</returns>
    public async Task<string?> EndWritingAsync(TimeSpan patience)
    {
        Task loop;
        lock (_lock)
            loop = _loop;
        using var over = new CancellationTokenSource();
        await Task.WhenAny(loop, Task.Delay(patience, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        DropWaiting();
        lock (_lock)
            return _dropped == 0 ? null : DescribeDropped(_dropped);
    }

    private void StartWriting()
    {
        if (_isWriting)
            return;
        _isWriting = true;
        _loop = Task.Run(WriteAllAsync);
    }

    private async Task WriteAllAsync()
    {
        while (TakeNextBlock() is { } text)
        {
            try
            {
                var stream = _stream.Value;
                await stream.WriteAsync(text).ConfigureAwait(false);
                await stream.FlushAsync().ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The reader of our output has ended, as in any shell pipe, or the user's stream failed: worker output is dropped so that
                // workers do not wait.
            }

            FinishBlock();
        }
    }

    private ReadOnlyMemory<byte>? TakeNextBlock()
    {
        lock (_lock)
        {
            if (!_blocks.TryDequeue(out var block))
            {
                _isWriting = false;
                return null;
            }

            _writing = block.Written;
            _due = Environment.TickCount64 + (long)_patience.TotalMilliseconds;
            _overdue.Change(_patience, Timeout.InfiniteTimeSpan);
            return block.Text;
        }
    }

    private void FinishBlock()
    {
        Action? written;
        lock (_lock)
        {
            _overdue.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            (written, _writing, _due) = (_writing, null, long.MaxValue);
            if (_dropped > 0)
                _blocks.Enqueue((System.Text.Encoding.UTF8.GetBytes(DescribeDropped(_dropped)), null));
            (_isStuck, _dropped) = (false, 0);
        }

        written?.Invoke();
    }

    private void DropOverdue()
    {
        lock (_lock)
        {
            // The write has ended already. A timer can fire some milliseconds early.
            if (Environment.TickCount64 < _due - 50)
                return;
        }

        DropWaiting();
    }

    /// <summary>Drops the queued blocks because the current write takes too long; that write continues.</summary>
    private void DropWaiting()
    {
        List<Action?> dropped = [];
        lock (_lock)
        {
            if (!_isWriting)
                return;
            _isStuck = true;
            dropped.Add(_writing);
            _writing = null;
            while (_blocks.TryDequeue(out var block))
            {
                _dropped += CountLines(block.Text);
                dropped.Add(block.Written);
            }
        }

        dropped.ForEach(written => written?.Invoke());
    }

    private static long CountLines(ReadOnlyMemory<byte> text) => Math.Max(1, text.Span.Count((byte)'\n'));

    private string DescribeDropped(long lines) => string.Create(
        CultureInfo.InvariantCulture,
        $"ProcessPool: {lines} lines that workers printed to {_name} were dropped, because nothing read it in time.\n");
}
