using System.Buffers;

namespace Actors.Remoting.Data;

/// <summary>
/// Copies bytes from a source to a target through two buffers. One is filled while the other is emptied, so a socket and a disk or a hash
/// work at the same time.
/// </summary>
public static class DataPump
{
    /// <summary>The size of a buffer.</summary>
    public const int BufferLength = 256 * 1024;

    /// <summary>The longest time in which a buffer is filled and emptied. A slower peer has stopped.</summary>
    public static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    /// <param name="length">The number of bytes to copy.</param>
    /// <param name="fill">Fills a buffer completely.</param>
    /// <param name="empty">Consumes a filled buffer. It runs beside the next call of <paramref name="fill"/>.</param>
    /// <param name="cancellationToken">Cancels the copy.</param>
    /// <exception cref="OperationCanceledException">The copy was canceled, or made no progress.</exception>
    public static async Task CopyAsync(
        long length, Func<Memory<byte>, CancellationToken, ValueTask> fill, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> empty,
        CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (filling, emptying) = (ArrayPool<byte>.Shared.Rent(BufferLength), ArrayPool<byte>.Shared.Rent(BufferLength));
        var emptied = Task.CompletedTask;
        try
        {
            for (var left = length; left > 0;)
            {
                stall.CancelAfter(StallTimeout);
                var part = filling.AsMemory(0, (int)Math.Min(BufferLength, left));
                await fill(part, stall.Token).ConfigureAwait(false);
                await emptied.ConfigureAwait(false);
                (filling, emptying) = (emptying, filling);
                emptied = Task.Run(() => empty(part, stall.Token).AsTask(), CancellationToken.None);
                left -= part.Length;
            }

            await emptied.ConfigureAwait(false);
        }
        finally
        {
            // The buffers are in use until the last task has ended.
            await stall.CancelAsync().ConfigureAwait(false);
            await emptied.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(filling);
            ArrayPool<byte>.Shared.Return(emptying);
        }
    }
}
