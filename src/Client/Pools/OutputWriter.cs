using System.Text;

namespace Actors.Pools;

/// <summary>
/// Forwards the output of workers, each stream by itself: a blocked stream delays neither the other one, nor results, nor the end of the
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
    /// Writes the text, then calls <paramref name="written"/>. Each worker awaits that call before its next block, so the queue stays
    /// short.
    /// </summary>
    public void WriteOutput(bool isError, ReadOnlyMemory<byte> text, Action written) =>
        (isError ? _error : _output).WriteBlock(text, written);

    /// <summary>
    /// Ends the output. Waits at most two seconds for pending writes, and reports lines dropped from standard output on the error stream.
    /// </summary>
    public Task EndOutputAsync()
    {
        lock (_ending)
            return _ended ??= WriteLastAsync();
    }

    private async Task WriteLastAsync()
    {
        if (await _output.EndWritingAsync(EndPatience).ConfigureAwait(false) is { } missing)
            _error.WriteBlock(Encoding.UTF8.GetBytes(missing), null);
        await _error.EndWritingAsync(EndPatience).ConfigureAwait(false);
    }
}
