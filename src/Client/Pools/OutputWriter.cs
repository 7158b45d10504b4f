using System.Threading.Channels;

namespace Actors.Pools;

/// <summary>Writes what executors print, in the order it came, on a task of its own: a blocked console must not hold results up.</summary>
internal sealed class OutputWriter
{
    private readonly Channel<(bool IsError, ReadOnlyMemory<byte> Text, Action Written)> _blocks =
        Channel.CreateUnbounded<(bool, ReadOnlyMemory<byte>, Action)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Lazy<Stream> _output;
    private readonly Lazy<Stream> _error;

    public OutputWriter(PoolOptions options)
    {
        _output = new Lazy<Stream>(() => options.Output ?? Console.OpenStandardOutput());
        _error = new Lazy<Stream>(() => options.Error ?? Console.OpenStandardError());
        _ = Task.Run(WriteAllAsync);
    }

    /// <summary>Writes the text, then calls <paramref name="written"/>; each executor sends its next block only then, so little ever waits here.</summary>
    public void Write(bool isError, ReadOnlyMemory<byte> text, Action written) => _blocks.Writer.TryWrite((isError, text, written));

    /// <summary>No more follows.</summary>
    public void Complete() => _blocks.Writer.TryComplete();

    private async Task WriteAllAsync()
    {
        await foreach (var (isError, text, written) in _blocks.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                var stream = (isError ? _error : _output).Value;
                await stream.WriteAsync(text).ConfigureAwait(false);
                await stream.FlushAsync().ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The reader of our output has gone, as with any program in a pipe, or the user's stream takes nothing: what executors
                // print is dropped, and they do not wait for it.
            }

            written();
        }
    }
}
