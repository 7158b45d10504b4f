using System.Net;
using Actors.Connections;

namespace Actors;

public sealed partial class Connection
{
    /// <inheritdoc cref="ConnectAsync"/>
    public static Connection Connect(
        EndPoint address, byte[]? key = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        ConnectAsync(address, key, timeout, cancellationToken).GetAwaiter().GetResult();

    /// <summary>
    /// Waits until a message, or the end of messages, can be received from one of several connections and pipe ends, as Python's
    /// <c>multiprocessing.connection.wait</c>. Receives nothing, so a canceled or expired wait loses nothing. Uses no processor time while
    /// waiting.
    /// </summary>
    /// <typeparam name="TEnd"><see cref="Connection"/>, <see cref="PipeEnd{T}"/>, or <see cref="IPollable"/> for several kinds.</typeparam>
    /// <param name="ends">The ends; duplicates count once. An empty collection requires a finite timeout.</param>
    /// <param name="timeout">The longest time to wait; null waits without limit, zero does not wait.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The ready ends, in the given order; empty when the timeout has passed.</returns>
    /// <exception cref="ArgumentException">An end is null, or the collection is empty and the timeout infinite.</exception>
    /// <exception cref="ObjectDisposedException">An end was closed in this process.</exception>
    /// <exception cref="InvalidOperationException">An end of a pipe is send-only.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public static Task<IReadOnlyList<TEnd>> WaitAnyAsync<TEnd>(
        IEnumerable<TEnd> ends, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        where TEnd : IPollable => ReadyEnds.WaitForAnyAsync(ends, timeout, cancellationToken);

    /// <inheritdoc cref="WaitAnyAsync"/>
    public static IReadOnlyList<TEnd> WaitAny<TEnd>(
        IEnumerable<TEnd> ends, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        where TEnd : IPollable => WaitAnyAsync(ends, timeout, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="SendAsync"/>
    public void Send<T>(T value, CancellationToken cancellationToken = default) =>
        SendAsync(value, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="ReceiveAsync"/>
    public T Receive<T>(CancellationToken cancellationToken = default) => ReceiveAsync<T>(cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="SendBytesAsync"/>
    public void SendBytes(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        SendBytesAsync(bytes, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="ReceiveBytesAsync(int, CancellationToken)"/>
    public byte[] ReceiveBytes(int maxLength = LargestMessage, CancellationToken cancellationToken = default) =>
        ReceiveBytesAsync(maxLength, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="ReceiveBytesAsync(Memory{byte}, CancellationToken)"/>
    public int ReceiveBytes(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ReceiveBytesAsync(buffer, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="PollAsync"/>
    public bool Poll(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        PollAsync(timeout, cancellationToken).GetAwaiter().GetResult();
}
