using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Actors.Connections;
using Actors.Messages.Values;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// A connection between two programs, as Python's <c>multiprocessing.connection.Connection</c>. Messages keep their boundaries and order.
/// Concurrent sends are allowed; receives run one at a time. A canceled receive, poll or wait loses nothing; a send that is canceled
/// halfway closes the connection. Thread-safe.
/// </summary>
public sealed partial class Connection : IPollable, IDisposable
{
    /// <summary>The largest message: 256 MiB.</summary>
    public const int LargestMessage = 256 << 20;

    private readonly MessageStream _frames;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly SemaphoreSlim _receiving = new(1, 1);
    private volatile bool _isClosed;

    private Connection(MessageStream frames) => _frames = frames;

    /// <summary>Gets whether this side was closed by <see cref="Dispose"/>, as Python's <c>closed</c>.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>
    /// Connects to a listener, as Python's <c>Client(address, authkey=key)</c>. Use a <see cref="UnixDomainSocketEndPoint"/> for a Unix
    /// socket.
    /// </summary>
    /// <param name="address">The address of the listener.</param>
    /// <param name="key">The shared key; null for none. The key itself is not sent.</param>
    /// <param name="timeout">The time limit for connecting and the handshake. Default: null, 20 seconds.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AuthenticationException">The listener has a different key.</exception>
    /// <exception cref="SocketException">Nothing listens at the address.</exception>
    /// <exception cref="TimeoutException">The timeout has passed.</exception>
    public static async Task<Connection> ConnectAsync(
        EndPoint address, byte[]? key = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        var limit = TimeoutRule.RequireValid(timeout ?? Sockets.HandshakeTimeout, nameof(timeout));
        return await OpenAuthenticatedAsync(Sockets.CreateSocket(address), address, key, limit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Performs the handshake, after connecting when an address is given. Closes the socket on failure.</summary>
    internal static async Task<Connection> OpenAuthenticatedAsync(
        Socket socket, EndPoint? connectTo, byte[]? key, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        MessageStream? frames = null;
        try
        {
            if (connectTo is not null)
                await socket.ConnectAsync(connectTo, limit.Token).ConfigureAwait(false);
            frames = new MessageStream(socket);
            await ConnectionHandshake.AuthenticatePeerAsync(frames, key, connectTo is null, limit.Token).ConfigureAwait(false);
            return new Connection(frames);
        }
        catch (Exception error)
        {
            frames?.Dispose();
            socket.Dispose();
            if (error is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"The peer did not complete the handshake within {timeout}. Check the address and the timeout.", error);
            }

            throw;
        }
    }

    /// <summary>Sends a value, as Python's <c>send(obj)</c>.</summary>
    /// <exception cref="IOException">The peer closed the connection.</exception>
    /// <exception cref="NotCarriedException">
    /// The value cannot be serialized, or contains a managed object, which the other program may not reach.
    /// </exception>
    public Task SendAsync<T>(T value, CancellationToken cancellationToken = default)
    {
        var bytes = ValueSerializer.ToBytes(value, out var references);
        return references is null
            ? SendBytesAsync(bytes, cancellationToken)
            : throw new NotCarriedException(
                "A managed object cannot be sent through a connection: publish it at its manager, and send the name.");
    }

    /// <summary>Receives the next value, as Python's <c>recv()</c>.</summary>
    /// <exception cref="EndOfStreamException">The peer closed the connection.</exception>
    public async Task<T> ReceiveAsync<T>(CancellationToken cancellationToken = default) =>
        DecodeMessage<T>(await ReceiveBytesAsync(LargestMessage, cancellationToken).ConfigureAwait(false));

    /// <summary>Sends bytes as they are, as Python's <c>send_bytes()</c>.</summary>
    /// <exception cref="IOException">The peer closed the connection.</exception>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, LargestMessage, nameof(bytes));
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _frames.SendMessageAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Receives the next message as bytes, as Python's <c>recv_bytes(maxlength)</c>.</summary>
    /// <exception cref="MessageTooLongException">
    /// The message is longer than <paramref name="maxLength"/>; it can still be received.
    /// </exception>
    /// <exception cref="InvalidDataException">The peer uses another protocol; the connection is closed.</exception>
    /// <exception cref="EndOfStreamException">The peer closed the connection.</exception>
    public Task<byte[]> ReceiveBytesAsync(int maxLength = LargestMessage, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        return ReceiveAloneAsync(
            () => _frames.ReceiveMessageAsync(Math.Min(maxLength, LargestMessage), cancellationToken), cancellationToken);
    }

    /// <summary>Receives the next message into a buffer, as Python's <c>recv_bytes_into(buffer)</c>.</summary>
    /// <param name="buffer">The buffer. Its content is undefined after an exception.</param>
    /// <param name="cancellationToken">Ends the wait; the message can still be received.</param>
    /// <returns>The length of the message in bytes.</returns>
    /// <exception cref="MessageTooLongException">
    /// The message is longer than the buffer; it can still be received, into a buffer of its <c>Length</c>.
    /// </exception>
    /// <exception cref="InvalidDataException">The peer uses another protocol; the connection is closed.</exception>
    /// <exception cref="EndOfStreamException">The peer closed the connection.</exception>
    public Task<int> ReceiveBytesAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ReceiveAloneAsync(() => _frames.ReceiveMessageAsync(buffer, cancellationToken), cancellationToken);

    /// <summary>Waits until a message, or the end of the connection, can be received, as Python's <c>poll(timeout)</c>.</summary>
    /// <param name="timeout">
    /// The longest time to wait; zero, the default, does not wait, <see cref="Timeout.InfiniteTimeSpan"/> waits without limit.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>True when a receive would return or throw at once.</returns>
    /// <exception cref="ObjectDisposedException">This side is closed.</exception>
    public async Task<bool> PollAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var (limit, start) = (TimeoutRule.RequireValid(timeout), Stopwatch.GetTimestamp());
        if (!await _receiving.WaitAsync(limit, cancellationToken).ConfigureAwait(false))
            return false;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var header = _frames.ReadHeaderAsync(end.Token);
            if (!header.IsCompleted && limit != Timeout.InfiniteTimeSpan)
                end.CancelAfter(TimeSpan.FromTicks(Math.Max(0, (limit - Stopwatch.GetElapsedTime(start)).Ticks)));
            await header.ConfigureAwait(false);
            return true;
        }
        catch (IOException)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _receiving.Release();
        }
    }

    /// <summary>Closes this side, as Python's <c>close()</c>.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _frames.Dispose();
    }

    private async Task<T> ReceiveAloneAsync<T>(Func<Task<T>> receive, CancellationToken cancellationToken)
    {
        await _receiving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await receive().ConfigureAwait(false);
        }
        finally
        {
            _receiving.Release();
        }
    }

    private static T DecodeMessage<T>(byte[] message) => ValueSerializer.ReadValue<T>(message);
}
