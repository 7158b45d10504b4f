using System.Globalization;

namespace Actors.Pools;

/// <summary>
/// Writes blocks to one stream, in order. When the stream takes nothing for <see cref="Patience"/>, blocks are dropped instead of
/// written, and their lines are counted, until the stream takes more; then a line says how many are missing. So workers wait for a slow
/// reader, and do not wait for one that is gone. Thread-safe.
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

    /// <param name="name">What the stream is called, for the count of dropped lines.</param>
    /// <param name="open">Opens it at the first block.</param>
    /// <param name="patience">How long one write may take.</param>
    public ForwardedStream(string name, Func<Stream> open, TimeSpan patience)
    {
        _name = name;
        _stream = new Lazy<Stream>(open);
        _patience = patience;
        _overdue = new Timer(_ => DropOverdue());
    }

    /// <summary>The default time that one write may take.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Writes the text, then calls <paramref name="written"/>, which each executor awaits before its next block: little ever waits
    /// here.
    /// </summary>
    public void Write(ReadOnlyMemory<byte> text, Action? written)
    {
        lock (_lock)
        {
            if (!_isStuck)
            {
                _blocks.Enqueue((text, written));
                StartWriting();
                return;
            }

            _dropped += Lines(text);
        }

        written?.Invoke();
    }

    /// <summary>Waits until all is written, for a limited time; what is not written then is dropped.</summary>
    /// <returns>How many lines are missing, as a line; null where none is.</returns>
    public async Task<string?> EndAsync(TimeSpan patience)
    {
        Task loop;
        lock (_lock)
            loop = _loop;
        using var over = new CancellationTokenSource();
        await Task.WhenAny(loop, Task.Delay(patience, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        DropWaiting();
        lock (_lock)
            return _dropped == 0 ? null : Count(_dropped);
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
        while (Next() is { } text)
        {
            try
            {
                var stream = _stream.Value;
                await stream.WriteAsync(text).ConfigureAwait(false);
                await stream.FlushAsync().ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The reader of our output has gone, as with any program in a pipe, or the user's stream takes nothing: what executors
                // print is dropped, and they do not wait for it.
            }

            Finish();
        }
    }

    private ReadOnlyMemory<byte>? Next()
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

    private void Finish()
    {
        Action? written;
        lock (_lock)
        {
            _overdue.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            (written, _writing, _due) = (_writing, null, long.MaxValue);
            if (_dropped > 0)
                _blocks.Enqueue((System.Text.Encoding.UTF8.GetBytes(Count(_dropped)), null));
            (_isStuck, _dropped) = (false, 0);
        }

        written?.Invoke();
    }

    private void DropOverdue()
    {
        lock (_lock)
        {
            // The write has ended meanwhile. A timer may be some milliseconds early.
            if (Environment.TickCount64 < _due - 50)
                return;
        }

        DropWaiting();
    }

    /// <summary>A write takes too long: it goes on, and what waits behind it is dropped.</summary>
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
                _dropped += Lines(block.Text);
                dropped.Add(block.Written);
            }
        }

        dropped.ForEach(written => written?.Invoke());
    }

    private static long Lines(ReadOnlyMemory<byte> text) => Math.Max(1, text.Span.Count((byte)'\n'));

    private string Count(long lines) => string.Create(
        CultureInfo.InvariantCulture,
        $"ProcessPool: {lines} lines that workers printed to {_name} were dropped, because nothing read it in time.\n");
}
