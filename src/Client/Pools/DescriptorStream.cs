using System.Runtime.InteropServices;

namespace Actors.Pools;

/// <summary>
/// Writes to standard output or standard error through the file descriptor. The streams of <see cref="Console"/> share one lock on Unix:
/// while nothing reads standard output, a write to standard error would block as well.
/// </summary>
internal sealed partial class DescriptorStream : Stream
{
    private const int Interrupted = 4;
    private const int WouldBlock = 11;
    private const int WouldBlockOnBsd = 35;
    private const short ForWriting = 4;

    private readonly int _descriptor;

    private DescriptorStream(int descriptor) => _descriptor = descriptor;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens standard output.</summary>
    public static Stream OpenOutput() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new DescriptorStream(1);

    /// <summary>Opens standard error.</summary>
    public static Stream OpenError() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new DescriptorStream(2);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = WriteNative(_descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0)
                buffer = buffer[(int)written..];
            else
                WaitOrThrow(Marshal.GetLastPInvokeError());
        }
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return default;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Waits until the descriptor is writable: another program can have made a shared terminal non-blocking.</summary>
    private void WaitOrThrow(int error)
    {
        if (error is WouldBlock or WouldBlockOnBsd)
        {
            var poll = new Poll { Descriptor = _descriptor, Events = ForWriting };
            _ = PollNative(ref poll, 1, -1);
        }
        else if (error != Interrupted)
        {
            throw new IOException($"Cannot write to file descriptor {_descriptor}: error {error}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteNative(int descriptor, ReadOnlySpan<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollNative(ref Poll descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
