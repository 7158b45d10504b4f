using System.Text;

namespace Actors.Pools;

/// <summary>
/// Forwards what executors print, each stream by itself: a blocked one holds up neither the other, nor results, nor the end of the
/// pool.
/// </summary>
internal sealed class OutputWriter(PoolOptions options)
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    private readonly ForwardedStream _output =
        new("standard output", () => options.Output ?? DescriptorStream.OpenOutput(), ForwardedStream.Patience);

    private readonly ForwardedStream _error =
        new("standard error", () => options.Error ?? DescriptorStream.OpenError(), ForwardedStream.Patience);
    private readonly Lock _ending = new();
    private Task? _ended;

    /// <summary>
    /// Writes the text, then calls <paramref name="written"/>; each executor sends its next block only then, so little ever waits here.
    /// </summary>
    public void Write(bool isError, ReadOnlyMemory<byte> text, Action written) => (isError ? _error : _output).Write(text, written);

    /// <summary>
    /// No more follows. Waits at most two seconds for what is being written, and says on the error stream what was dropped of the
    /// other.
    /// </summary>
    public Task EndAsync()
    {
        lock (_ending)
            return _ended ??= WriteLastAsync();
    }

    private async Task WriteLastAsync()
    {
        if (await _output.EndAsync(EndPatience).ConfigureAwait(false) is { } missing)
            _error.Write(Encoding.UTF8.GetBytes(missing), null);
        await _error.EndAsync(EndPatience).ConfigureAwait(false);
    }
}
