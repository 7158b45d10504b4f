using System.Text;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class ForwardedStreamTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task WriteBlock_StreamStopsAndResumes_DropsAndCountsWaitingLines()
    {
        await using var stream = new StoppedStream();
        var forwarded = new ForwardedStream("standard output", () => stream, TimeSpan.FromMilliseconds(100));
        var (first, second, third) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());

        forwarded.WriteBlock("1\n"u8.ToArray(), first.SetResult);
        forwarded.WriteBlock("2\n3\n"u8.ToArray(), second.SetResult);
        await first.Task.WaitAsync(Long);
        await second.Task.WaitAsync(Long);
        forwarded.WriteBlock("4\n"u8.ToArray(), third.SetResult);
        await third.Task.WaitAsync(Long);
        stream.GoOn();
        Assert.Null(await forwarded.EndWritingAsync(Long).WaitAsync(Long));

        Assert.StartsWith(
            "1\nProcessPool: 3 lines that workers printed to standard output were dropped",
            Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndWritingAsync_StreamStopped_ReportsDroppedLines()
    {
        await using var stream = new StoppedStream();
        var forwarded = new ForwardedStream("standard output", () => stream, Long);

        forwarded.WriteBlock("1\n"u8.ToArray(), null);
        await stream.Asked.WaitAsync(Long);
        forwarded.WriteBlock("2\n3\n"u8.ToArray(), null);

        Assert.Contains(" 2 lines ", await forwarded.EndWritingAsync(TimeSpan.Zero).WaitAsync(Long), StringComparison.Ordinal);
        stream.GoOn();
    }

    [Fact]
    public async Task WriteBlock_WorkingStream_WritesInOrder()
    {
        await using var stream = new MemoryStream();
        var forwarded = new ForwardedStream("standard output", () => stream, Long);

        forwarded.WriteBlock("1\n"u8.ToArray(), null);
        forwarded.WriteBlock("2\n"u8.ToArray(), null);
        Assert.Null(await forwarded.EndWritingAsync(Long).WaitAsync(Long));

        Assert.Equal("1\n2\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    private sealed class StoppedStream : MemoryStream
    {
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public void GoOn() => _goOn.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _asked.TrySetResult();
            await _goOn.Task;
            Write(buffer.Span);
        }
    }
}
