using System.Text;
using System.Threading.Channels;

namespace Actors.Cli.Tests.Running;

/// <summary>The answer of a command that still runs, line by line.</summary>
internal sealed class AnswerLines : TextWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Waits for the next line.</summary>
    public ValueTask<string> ReadLineAsync(CancellationToken cancellationToken) => _lines.Reader.ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Assert.True(_lines.Writer.TryWrite(value ?? ""));
}
